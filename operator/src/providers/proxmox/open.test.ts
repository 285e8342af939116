import type { Proxmox, WorkerPool } from '@cortex/crds';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../testing/certificate.ts';
import { requestOf, settingsFor } from '../../testing/proxmox/harness.ts';
import { ProxmoxServer, USER } from '../../testing/proxmox/server.ts';
import { Breaker } from '../breaker.ts';
import { Budget } from '../budget.ts';
import { GuardedProvider } from '../guarded.ts';
import { ProxmoxKind } from './open.ts';

async function opened(value = `${USER}=a-canary-secret`) {
  const certificate = selfSigned('pve');
  const server = await ProxmoxServer.start(() => new Date(), certificate);
  const secret = { version: '1', value };
  const reads: string[] = [];
  const called: string[] = [];
  const kind = new ProxmoxKind({
    secrets: {
      value: async (name, key) => {
        reads.push(`${name}/${key}`);
        return secret;
      },
    },
    guard: (provider, _pool, endpoint, refused) =>
      new GuardedProvider(provider, {
        breaker: new Breaker(endpoint),
        budget: new Budget(),
        limits: { inFlight: 5 },
        called: ({ verb, result }) => void called.push(`${verb} ${result}`),
        refused,
      }),
  });
  onTestFinished(async () => {
    await kind.close();
    await server[Symbol.asyncDispose]();
  });
  const proxmox: Proxmox = settingsFor(server.url, certificate.cert);
  const pool = (generation = 1): WorkerPool =>
    ({
      metadata: { name: 'burst', uid: 'pool-uid', generation },
      spec: { provider: { type: 'Proxmox', proxmox } },
    }) as unknown as WorkerPool;
  return { kind, server, secret, reads, called, pool };
}

test('15: a token that was refused is read anew, and a new one works without a restart', async () => {
  const { kind, server, secret, pool, called } = await opened();
  const plan = async () => await (await kind.open(pool())).plan(requestOf(), new Date());
  await expect(plan()).resolves.toMatchObject({ host: 'host-1' });

  server.tokens.set(USER, { secret: 'rotated', acl: server.tokens.get(USER)?.acl ?? new Map() });
  await expect(plan()).rejects.toMatchObject({ class: 'Unauthorized', code: 'TokenRefused' });
  await expect(plan()).rejects.toMatchObject({ class: 'Unauthorized' });

  Object.assign(secret, { version: '2', value: `${USER}=rotated\n` });
  await expect(plan()).resolves.toMatchObject({ host: 'host-1' });
  expect(called).toEqual(['plan ok', 'plan Unauthorized', 'plan Unauthorized', 'plan ok']);
});

test('while nothing changes a pool keeps its provider and its Secret is read once', async () => {
  const { kind, reads, pool } = await opened();

  expect(await kind.open(pool())).toBe(await kind.open(pool()));
  expect(reads).toEqual(['pve/token']);
  expect(await kind.open(pool(2))).not.toBe(await kind.open(pool(1)));
});

test('29: what is no token is refused by the name of its key, never by its text', async () => {
  const { kind, server, pool } = await opened('a-canary-secret');

  await expect(kind.open(pool())).rejects.toMatchObject({
    class: 'Unauthorized',
    message: 'key token of Secret pve is no API token: it must read USER@REALM!TOKENID=SECRET',
  });
  expect(server.calls).toEqual([]);
});
