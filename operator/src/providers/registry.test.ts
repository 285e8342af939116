import { expect, test } from 'vitest';
import type { VmProvider } from './provider.ts';
import { Providers } from './registry.ts';

const provider = (kind: string): VmProvider => ({ kind }) as VmProvider;

test('a type that this build has is found', () => {
  const [kwok, qemu] = [provider('Kwok'), provider('Qemu')];
  const providers = new Providers([qemu, kwok]);

  expect(providers.of('Kwok')).toBe(kwok);
  expect(providers.lacks('Kwok')).toBeUndefined();
});

test('a type that this build lacks names those it has', () => {
  const providers = new Providers([provider('Qemu'), provider('Kwok')]);

  expect(providers.of('Proxmox')).toBeUndefined();
  expect(providers.lacks('Proxmox')).toBe('This build has no provider Proxmox; it has: Kwok, Qemu');
});

test('a build without providers says so', () => {
  expect(new Providers([]).lacks('Kwok')).toBe('This build has no provider Kwok; it has: none');
});
