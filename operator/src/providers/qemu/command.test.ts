import { expect, test } from 'vitest';
import { commandOf } from './command.ts';
import { recordOf } from './record.ts';

const request = {
  clusterId: 'c',
  workerUid: '0f0f0f0f-1111-4222-8333-444444444444',
  name: 'burst-0',
  pool: 'burst',
  size: { cpu: '1500m', memory: '1Gi' },
  labels: {},
  annotations: {},
  taints: [],
  bootDelayMs: 0,
};
const record = recordOf(request, 'guest');
const kernel = { vmlinuz: '/images/guest/vmlinuz', initrd: '/images/guest/initrd' };
const after = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

test('26: the SMBIOS UUID is the UID of the worker', () => {
  expect(after(commandOf('/vms/1', record, { kernel }, 'tcg', true), '-uuid')).toBe(request.workerUid);
});

test('a size is rounded up', () => {
  const args = commandOf('/vms/1', record, {}, 'tcg', false);

  expect([after(args, '-smp'), after(args, '-m')]).toEqual(['2', '1024']);
});

test('a machine without a seed has no drive for one, one without a kernel boots its disk', () => {
  const args = commandOf('/vms/1', record, {}, 'kvm', false).join(' ');

  expect(args).not.toContain('seed.iso');
  expect(args).not.toContain('-kernel');
  expect(args).toContain('-accel kvm -cpu host');
});

const sized = (cpu: string, memory: string) => recordOf({ ...request, size: { cpu, memory } }, 'guest');

test('11: an impossible size says what is possible', () => {
  expect(() => sized('100', '1Gi')).toThrow('it must have between 1 and 64 cores');
  expect(() => sized('1', '1Mi')).toThrow('it must have at least 32Mi');
});
