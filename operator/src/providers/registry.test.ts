import type { WorkerPool } from '@cortex/crds';
import { expect, test } from 'vitest';
import type { VmProvider } from './provider.ts';
import { always, Providers } from './registry.ts';

const provider = (kind: string): VmProvider => ({ kind }) as VmProvider;
const pool = (type: string): WorkerPool => ({ spec: { provider: { type } } }) as WorkerPool;

test('a pool gets the provider of its type', async () => {
  const [kwok, qemu] = [provider('Kwok'), provider('Qemu')];
  const providers = new Providers([always(qemu), always(kwok)]);

  await expect(providers.open(pool('Kwok'))).resolves.toBe(kwok);
  expect(providers.lacks('Kwok')).toBeUndefined();
});

test('a type that this build lacks names those it has', async () => {
  const providers = new Providers([always(provider('Qemu')), always(provider('Kwok'))]);

  await expect(providers.open(pool('Proxmox'))).resolves.toBeUndefined();
  expect(providers.lacks('Proxmox')).toBe('This build has no provider Proxmox; it has: Kwok, Qemu');
});

test('a build without providers says so', () => {
  expect(new Providers([]).lacks('Kwok')).toBe('This build has no provider Kwok; it has: none');
});
