import { describe, expect, test } from 'vitest';
import { Budget } from './budget.ts';

const owner = (workerUid: string) => ({ clusterId: 'here', workerUid, name: workerUid });

const none = async () => new Set<string>();

describe('13: never more machines than allowed', () => {
  test('of fifty at once as many are let through as are missing', async () => {
    const there = new Set(['orphan']);
    const budget = new Budget();
    const tries = Array.from({ length: 50 }, async (_, i) => {
      await budget.admit(owner(`w${i}`), { inFlight: 100, machines: 5 }, async () => there);
      there.add(`w${i}`);
      budget.done(owner(`w${i}`));
    });
    const results = await Promise.allSettled(tries);

    expect(there.size).toBe(5);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  });

  test('says how many there are, and what to do', async () => {
    const budget = new Budget();

    await expect(
      budget.admit(owner('w'), { inFlight: 1, machines: 2 }, async () => new Set(['a', 'b'])),
    ).rejects.toMatchObject({
      class: 'Quota',
      message: 'there are 2 machines of this cluster, and maxMachines is 2: remove some, or raise it',
    });
  });

  test('a machine that is there already is no further one', async () => {
    const budget = new Budget();

    await expect(
      budget.admit(owner('a'), { inFlight: 1, machines: 2 }, async () => new Set(['a', 'b'])),
    ).resolves.toBeUndefined();
  });
});

test('while as many are made as may be, others come again soon', async () => {
  const budget = new Budget();
  const limits = { inFlight: 1 };
  await budget.admit(owner('a'), limits, none);
  await budget.admit(owner('a'), limits, none);

  await expect(budget.admit(owner('b'), limits, none)).rejects.toMatchObject({
    class: 'Throttled',
    retryAfterMs: 1_000,
  });
  budget.done(owner('a'));
  await expect(budget.admit(owner('b'), limits, none)).resolves.toBeUndefined();
});

test('a source that cannot be counted lets nobody through', async () => {
  const budget = new Budget();
  const broken = new Error('partial');

  await expect(budget.admit(owner('a'), { inFlight: 1, machines: 5 }, () => Promise.reject(broken))).rejects.toBe(
    broken,
  );
});

test('a machine given up without a word makes room after half an hour', async () => {
  let now = 0;
  const budget = new Budget(() => now);
  await budget.admit(owner('a'), { inFlight: 1 }, none);
  now = 30 * 60_000 + 1;

  await expect(budget.admit(owner('b'), { inFlight: 1 }, none)).resolves.toBeUndefined();
});
