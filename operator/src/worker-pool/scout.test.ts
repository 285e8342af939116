import type { WorkerPool } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { Breaker } from '../providers/breaker.ts';
import { ProviderError } from '../providers/errors.ts';
import type { Finding } from '../providers/provider.ts';
import { MemoryCloud } from '../providers/memory/cloud.ts';
import { MemoryProvider } from '../providers/memory/memory.ts';
import { at, pool } from '../testing/world.ts';
import { Scout } from './scout.ts';

const burst = pool('burst');

function scene({ elsewhere = true } = {}) {
  let now = at('10:00:00').getTime();
  const cloud = new MemoryCloud(() => new Date(now));
  const provider = new MemoryProvider(cloud);
  const breaker = new Breaker('pve', () => now);
  const news: string[] = [];
  const pools = new Map<string, WorkerPool>([['burst', burst]]);
  const down: { error?: Error } = {};
  const check = async (): Promise<readonly Finding[]> => {
    if (down.error !== undefined) throw down.error;
    return await provider.check();
  };
  const scout = new Scout({
    providers: {
      isElsewhere: () => elsewhere,
      open: async () =>
        Object.assign(Object.create(provider) as MemoryProvider, { check: () => breaker.around(check) }),
    },
    poolOf: (name) => pools.get(name),
    changed: (name) => void news.push(`${name} ${scout.of(burst)?.reason}`),
    now: () => new Date(now),
  });
  return { scout, cloud, down, news, pools, pass: (ms: number) => void (now += ms) };
}

const unreachable = new ProviderError('Transient', 'Unreachable', 'connect ECONNREFUSED');

describe('looks from time to time', () => {
  test('tells what it finds once, and looks again', async () => {
    const { scout, cloud, news } = scene();
    expect(await scout.look('burst')).toEqual({ kind: 'after', ms: 30_000 });
    await scout.look('burst');
    expect(news).toEqual(['burst Reachable']);

    cloud.script.room = 0;
    await scout.look('burst');
    await scout.look('burst');
    expect(news).toEqual(['burst Reachable', 'burst PreflightFailed']);
    expect(scout.of(burst)?.message).toBe('There is room for no machine: make room');
    expect(cloud.faults.changes).toBe(0);
  });

  test('S8: a provider that is silent for more than 30 s freezes its pool, until it answers; the breaker changes no word of it', async () => {
    const { scout, down, news, pass } = scene();
    down.error = unreachable;
    for (let turn = 0; turn < 8; turn++) {
      const next = await scout.look('burst');
      if (next.kind === 'after') pass(next.ms);
    }
    expect(news).toEqual(['burst Unreachable']);
    expect(scout.silence(burst)).toMatch(/^The provider of WorkerPool burst has not answered since .*ECONNREFUSED$/);

    delete down.error;
    pass(60_000);
    await scout.look('burst');
    expect([news.at(-1), scout.silence(burst)]).toEqual(['burst Reachable', undefined]);
  });

  test('S8: whoever has not looked yet freezes nothing', () => {
    const { scout } = scene();

    expect([scout.silence(burst), scout.silence(undefined)]).toEqual([undefined, undefined]);
  });

  test('what nobody foresaw is said without its words', async () => {
    const { scout, down } = scene();
    down.error = new Error('a-canary');
    await scout.look('burst');

    expect(scout.of(burst)).toMatchObject({ status: false, reason: 'ProviderError' });
    expect(JSON.stringify(scout.of(burst))).not.toContain('canary');
  });
});

test('a pool whose endpoint is the API server is not looked at', async () => {
  const { scout, news } = scene({ elsewhere: false });

  expect(await scout.look('burst')).toEqual({ kind: 'rest' });
  expect([scout.of(burst), news]).toEqual([undefined, []]);
});

test('a pool that is gone is forgotten, and its namesake begins anew', async () => {
  const { scout, pools } = scene();
  await scout.look('burst');
  expect(scout.of({ ...burst, metadata: { ...burst.metadata, uid: 'another' } })).toBeUndefined();
  pools.delete('burst');

  expect(await scout.look('burst')).toEqual({ kind: 'rest' });
  expect(scout.of(burst)).toBeUndefined();
});
