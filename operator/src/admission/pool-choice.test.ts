import { describe, expect, test } from 'vitest';
import { allocation, deleting, pool, worker } from '../testing/world.ts';
import { type Catalog, choiceFor, choiceForWorker, defaultPool } from './pool-choice.ts';

const burst = pool('burst');
const gpu = pool('gpu', { default: false, class: 'GPU', defaultSize: 'large' });
const offer = (more: Partial<Catalog> = {}): Catalog => ({
  pools: [burst, gpu],
  labelsOf: () => undefined,
  lacks: () => undefined,
  ...more,
});

const lacks = (type: string): string => `This build has no provider ${type}; it has: Kwok`;

/** Pool and size, or the reason. */
function chosen(asked: Parameters<typeof allocation>[1], catalog = offer()): string {
  const answer = choiceFor(allocation('job', asked), catalog);
  return 'reason' in answer
    ? `${answer.reason}: ${answer.message}`
    : `${answer.pool.metadata.name}/${answer.size.name}`;
}

test('a request that names neither gets the default pool and its default size', () => {
  expect(chosen({})).toBe('burst/medium');
});

test('a request gets the pool and the size it names', () => {
  expect(chosen({ pool: 'gpu', size: 'small' })).toBe('gpu/small');
  expect(chosen({ pool: 'gpu' })).toBe('gpu/large');
});

test('of two default pools the older serves, and of one second the one with the lower UID', () => {
  const older = pool('older', { at: '09:00:00' });

  expect(defaultPool([burst, older])?.metadata.name).toBe('older');
  expect(defaultPool([pool('b'), pool('a')])?.metadata.name).toBe('a');
});

test('a default pool that is being deleted serves nobody any more', () => {
  expect(defaultPool([deleting(pool('older', { at: '09:00:00' })), burst])?.metadata.name).toBe('burst');
});

describe('a request is refused in words that name the fix', () => {
  test('when the pool does not exist', () => {
    expect(chosen({ pool: 'brust' })).toBe('PoolNotFound: WorkerPool brust does not exist. There are: burst, gpu');
  });

  test('when no pool is the default', () => {
    expect(chosen({}, offer({ pools: [gpu] }))).toBe(
      'PoolNotFound: No WorkerPool has spec.default: true; name one in spec.workers.pool. There are: gpu',
    );
    expect(chosen({}, offer({ pools: [] }))).toMatch(/There is no WorkerPool yet$/);
  });

  test('when the pool has no such size', () => {
    expect(chosen({ size: 'huge' })).toBe(
      'InvalidSize: WorkerPool burst has no size huge. It has: small, medium, large',
    );
  });

  test('when the pool is being deleted', () => {
    expect(chosen({ pool: 'burst' }, offer({ pools: [deleting(burst)] }))).toBe(
      'InvalidPool: WorkerPool burst is being deleted and admits nothing',
    );
  });

  test('when the pool is Permanent', () => {
    const fixed = pool('fixed', { class: 'Permanent', provider: undefined });

    expect(chosen({ pool: 'fixed' }, offer({ pools: [fixed] }))).toMatch(/^InvalidPool: WorkerPool fixed is of class/);
  });

  test('when this build lacks the provider of the pool', () => {
    const vms = pool('vms', { provider: { type: 'Mcp' } });

    expect(chosen({}, offer({ pools: [vms], lacks }))).toBe(
      'ProviderNotBuilt: WorkerPool vms: This build has no provider Mcp; it has: Kwok',
    );
  });

  test('when the pool does not honour the priority', () => {
    const humble = pool('humble', { maxPriority: 'Normal' });

    expect(chosen({ priority: 'High' }, offer({ pools: [humble] }))).toBe(
      'InvalidPool: WorkerPool humble honours priorities up to Normal, not High',
    );
    expect(chosen({ priority: 'Normal' }, offer({ pools: [humble] }))).toBe('humble/medium');
  });
});

describe('namespaceSelector', () => {
  const closed = pool('closed', { namespaceSelector: { matchLabels: { tier: 'gold' } } });
  const from = (labels: Record<string, string> | undefined) =>
    chosen({ namespace: 'team' }, offer({ pools: [closed], labelsOf: () => labels }));

  test('lets in the namespaces whose labels match', () => {
    expect(from({ tier: 'gold' })).toBe('closed/medium');
  });

  test('refuses the others, and a namespace that was never seen', () => {
    const refusal =
      'InvalidPool: WorkerPool closed does not admit namespace team: its labels do not match spec.namespaceSelector';

    expect(from({ tier: 'silver' })).toBe(refusal);
    expect(from(undefined)).toBe(refusal);
  });

  test('does not concern workers that people make: these have no namespace', () => {
    const answer = choiceForWorker(worker('mine', { pool: 'closed' }), offer({ pools: [closed] }));

    expect(answer).toMatchObject({ size: { name: 'small' } });
  });
});

test('a worker that a person makes is refused like a request', () => {
  expect(choiceForWorker(worker('mine', { pool: 'none' }), offer())).toMatchObject({ reason: 'PoolNotFound' });
  expect(choiceForWorker(worker('mine', { size: 'huge' }), offer())).toMatchObject({ reason: 'InvalidSize' });
});
