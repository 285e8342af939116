import { expect, test } from 'vitest';
import { freeMemory, roomiest } from './place.ts';
import { Config, type Host, type Resource } from './methods.ts';
import { diskGiB, shapeOf } from './size.ts';

const size = (cpu: string, memory: string, disk?: string) => ({ size: { cpu, memory, ...(disk && { disk }) } });

test('a size is rounded up to what Proxmox can give', () => {
  expect(shapeOf(size('500m', '1G', '20G'))).toEqual({ cores: 1, memoryMiB: 954, diskGiB: 19 });
  expect(shapeOf(size('4', '8Gi'))).toEqual({ cores: 4, memoryMiB: 8192, diskGiB: undefined });
});

test('11: an impossible size says what is possible', () => {
  expect(() => shapeOf(size('0', '8Gi'))).toThrow(
    'a machine of cpu 0 is impossible: it must have between 1 and 512 cores',
  );
  expect(() => shapeOf(size('1', '1Mi'))).toThrow('it must have at least 16Mi');
});

test('the size of a disk is read from its line', () => {
  const config = Config.parse({ scsi0: 'disks:vm-1-disk-0,iothread=1,size=8192M', ide2: 'none,media=cdrom' });

  expect([diskGiB(config, 'scsi0'), diskGiB(config, 'ide2'), diskGiB(config, 'virtio0')]).toEqual([
    8,
    undefined,
    undefined,
  ]);
});

const GIB = 2 ** 30;
const host = (node: string, maxmem: number, mem = 0, status = 'online'): Host => ({
  node,
  status,
  mem: mem * GIB,
  maxmem: maxmem * GIB,
});
const machine = (node: string, maxmem: number, template = false) =>
  ({ node, maxmem: maxmem * GIB, template }) as Resource;
const settings = { hosts: ['a', 'b'].map((name) => ({ name })), pool: 'p', vmids: { from: 100, to: 200 } };

test('what is switched off counts as used, a template does not', () => {
  expect(freeMemory(host('a', 16, 2), [machine('a', 8), machine('a', 4, true), machine('b', 4)])).toBe(8 * GIB);
  expect(freeMemory(host('a', 16, 12), [machine('a', 8)])).toBe(4 * GIB);
});

test('12: the roomiest host that is online and named is taken, the first of equals', () => {
  const hosts = [host('b', 16), host('a', 16), host('c', 64), host('d', 64, 0, 'offline')];

  expect(roomiest(settings, hosts, [], GIB)).toBe('a');
  expect(roomiest(settings, hosts, [machine('a', 1)], GIB)).toBe('b');
});

test('12: where none has room the most there is is said', () => {
  expect(() => roomiest(settings, [host('a', 8, 5), host('b', 4)], [], 6 * GIB)).toThrow(
    'no host has 6144 MiB of memory free; the most is 4096 MiB on b',
  );
  expect(() => roomiest(settings, [host('c', 8)], [], GIB)).toThrow('none of the hosts a, b is online');
});
