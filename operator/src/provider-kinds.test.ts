import { PROVIDER_TYPES, type WorkerPool } from '@cortex/crds';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KubeClient } from './kube/client.ts';
import { equip } from './provider-kinds.ts';
import type { ProviderError } from './providers/errors.ts';
import { settingsFor } from './testing/proxmox/harness.ts';
import { aPool } from './testing/workers.ts';

const SECRET = {
  metadata: { uid: 'pve', resourceVersion: '1' },
  data: { token: Buffer.from('burst@pve!operator=a-canary-secret').toString('base64') },
};

function built() {
  const calls: string[] = [];
  const equipment = equip({
    client: { get: async () => SECRET } as unknown as KubeClient,
    namespace: 'cortex-system',
    qemu: { folder: '/nowhere', images: '/nowhere' },
    now: () => new Date(),
    called: ({ verb, result }) => void calls.push(`${verb} ${result}`),
  });
  onTestFinished(() => equipment.close());
  const check = async (pool: WorkerPool): Promise<string> =>
    await equipment.providers
      .open(pool)
      .then((provider) => provider?.check(new AbortController().signal))
      .then(
        () => 'answered',
        ({ code }: ProviderError) => code,
      );
  return { providers: equipment.providers, calls, check };
}

/** A pool at a port where nobody listens. */
const poolAt = (name: string, port: number): WorkerPool =>
  aPool(
    { provider: { type: 'Proxmox', proxmox: { ...settingsFor(`https://127.0.0.1:${port}`, ''), tls: {} } } },
    { name, uid: `uid-of-${name}` },
  );

describe('what this build makes machines with', () => {
  test.for(PROVIDER_TYPES.filter((type) => ['Mcp', 'ClusterApi', 'KubeVirt'].includes(type)))(
    'not %s: a pool of it is told which there are',
    (type) => {
      expect(built().providers.lacks(type)).toBe(
        `This build has no provider ${type}; it has: External, Kwok, Proxmox, Qemu`,
      );
    },
  );

  test.for(['Kwok', 'Proxmox', 'Qemu', 'External'])('%s', (type) => {
    expect(built().providers.lacks(type)).toBeUndefined();
  });

  test('only what may be out of reach while the API server is not is looked after', () => {
    const { providers } = built();
    const elsewhere = ['Kwok', 'Proxmox', 'Qemu', 'External'].filter((type) =>
      providers.isElsewhere({ spec: { provider: { type } } } as WorkerPool),
    );

    expect(elsewhere).toEqual(['Proxmox', 'Qemu', 'External']);
  });
});

test('an endpoint that is silent is left alone for all of its pools, and for no pool of another', async () => {
  const { check, calls } = built();
  for (let call = 0; call < 5; call++) expect(await check(poolAt('one', 1))).toBe('Unreachable');

  expect(await check(poolAt('two', 1))).toBe('LeftAlone');
  expect(await check(poolAt('three', 2))).toBe('Unreachable');
  expect(calls).toEqual(Array.from({ length: 7 }, () => 'check Transient'));
});
