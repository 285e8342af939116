import { describe, expect, test } from 'vitest';
import { createMetrics } from '../telemetry/metrics.ts';
import { all, patient, stranger } from './contract/drive.ts';
import { Breaker } from './breaker.ts';
import { Budget, type Limits } from './budget.ts';
import { ProviderError } from './errors.ts';
import { GuardedProvider } from './guarded.ts';
import { MemoryCloud } from './memory/cloud.ts';
import { MemoryProvider } from './memory/memory.ts';
import type { VmRequest } from './provider.ts';

const CLUSTER = 'this-cluster';

const request = (): VmRequest => ({
  clusterId: CLUSTER,
  workerUid: crypto.randomUUID(),
  name: 'worker',
  pool: 'burst',
  size: { cpu: '2', memory: '4Gi' },
  labels: {},
  annotations: {},
  taints: [],
  bootDelayMs: 0,
});

function scene(limits: Limits = { inFlight: 5 }) {
  const now = new Date('2026-01-01T10:00:00Z');
  const cloud = new MemoryCloud(() => now);
  const metrics = createMetrics();
  const refusals: string[] = [];
  const [breaker, budget] = [new Breaker('memory', () => 0), new Budget(() => 0)];
  const pool = (): GuardedProvider =>
    new GuardedProvider(new MemoryProvider(cloud), {
      breaker,
      budget,
      limits,
      called: (call) => metrics.providerCalled(call),
      refused: () => void refusals.push('refused'),
    });
  const begin = async (provider: GuardedProvider, of = request()): Promise<string> =>
    await provider
      .plan(of, now)
      .then((checkpoint) => provider.ensure(of, checkpoint, patient()))
      .then(
        () => 'begun',
        (error: ProviderError) => `${error.class} ${error.code}`,
      );
  return { cloud, metrics, refusals, pool, begin, provider: pool() };
}

const silence = new ProviderError('Transient', 'Unreachable', 'no answer');

describe('one endpoint', () => {
  test('that is silent is left alone by all pools that share it, and not asked any more', async () => {
    const { cloud, provider, pool } = scene();
    for (let call = 0; call < 5; call++) {
      cloud.faults.plan('read', 'before', silence);
      await expect(all(provider.list(CLUSTER, patient()))).rejects.toBe(silence);
    }
    const before = cloud.faults.reads;

    await expect(all(pool().list(CLUSTER, patient()))).rejects.toMatchObject({ code: 'LeftAlone' });
    expect(cloud.faults.reads).toBe(before);
  });

  test('that refuses its credentials has them read anew, and is not left alone', async () => {
    const { cloud, provider, refusals } = scene();
    for (let call = 0; call < 9; call++) {
      cloud.faults.plan('read', 'before', new ProviderError('Unauthorized', 'TokenRefused', '401'));
      await expect(all(provider.list(CLUSTER, patient()))).rejects.toMatchObject({ code: 'TokenRefused' });
    }

    expect(refusals).toHaveLength(9);
    await expect(all(provider.list(CLUSTER, patient()))).resolves.toEqual([]);
  });
});

describe('13: budgets', () => {
  test('machines that nobody remembers count, those of other clusters do not', async () => {
    const { cloud, begin, provider } = scene({ inFlight: 5, machines: 2 });
    cloud.plant(stranger({ name: 'theirs' }));
    cloud.plant({ clusterId: CLUSTER, workerUid: 'forgotten', name: 'forgotten' });

    expect(await begin(provider)).toBe('begun');
    expect(await begin(provider)).toBe('Quota EnoughMachines');
  });

  test('pools that share an endpoint share what is being made at once', async () => {
    const { begin, pool } = scene({ inFlight: 1 });

    expect(await begin(pool())).toBe('begun');
    expect(await begin(pool())).toBe('Throttled InFlight');
  });
});

test('every call is counted by its verb and what it came to', async () => {
  const { cloud, metrics, begin, provider } = scene();
  await begin(provider);
  cloud.faults.plan('read', 'before', silence);
  await expect(all(provider.list(CLUSTER, patient()))).rejects.toBe(silence);

  const text = await metrics.registry.metrics();
  expect(text).toContain('cortex_provider_calls_total{provider="Memory",verb="plan",result="ok"} 1');
  expect(text).toContain('cortex_provider_calls_total{provider="Memory",verb="ensure",result="ok"} 1');
  expect(text).toContain('cortex_provider_calls_total{provider="Memory",verb="list",result="Transient"} 1');
  expect(text).toContain('cortex_provider_call_duration_seconds_count{provider="Memory",verb="list"} 1');
});
