import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KubeError } from '../kube/errors.ts';
import type { WakeUp } from './outcome.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = async (ms = 0): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
const REST: WakeUp = { kind: 'rest' };

interface World {
  readonly queue: WorkQueue;
  /** Keys in the order in which passes began. */
  readonly begun: string[];
  /** Ends the oldest pass of the key. */
  readonly end: (key: string, next?: WakeUp) => Promise<void>;
}

function world(options: Partial<WorkQueueOptions> = {}): World {
  const begun: string[] = [];
  const open: { key: string; resolve: (next: WakeUp) => void }[] = [];
  const queue = new WorkQueue({
    name: 'test',
    workers: 2,
    random: () => 1,
    reconcile: (key) => {
      begun.push(key);
      const { promise, resolve } = Promise.withResolvers<WakeUp>();
      open.push({ key, resolve });
      return promise;
    },
    ...options,
  });
  const end = async (key: string, next = REST): Promise<void> => {
    const at = open.findIndex((one) => one.key === key);
    open.splice(at, 1)[0]?.resolve(next);
    await pass();
  };
  return { queue, begun, end };
}

/** A queue whose every pass ends at once, as told. */
function instant(
  answer: (key: string, turn: number) => WakeUp,
  options: Partial<WorkQueueOptions> = {},
): { queue: WorkQueue; at: number[] } {
  const at: number[] = [];
  const startedAt = performance.now();
  const queue = new WorkQueue({
    name: 'test',
    workers: 1,
    random: () => 1,
    reconcile: async (key) => {
      at.push(performance.now() - startedAt);
      return answer(key, at.length);
    },
    ...options,
  });
  queue.start();
  return { queue, at };
}

test('ten thousand adds on ten keys are ten passes', async () => {
  const { queue, begun, end } = world();
  for (let at = 0; at < 10_000; at++) queue.add(`k${at % 10}`);
  queue.start();
  await pass();
  for (let at = 0; at < 10; at++) await end(`k${at}`);

  expect(begun).toEqual(Array.from({ length: 10 }, (_, at) => `k${at}`));
});

test('no more keys are in flight than there are workers', async () => {
  const { queue, begun, end } = world();
  queue.start();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await pass();
  expect([begun, queue.depth]).toEqual([['a', 'b'], 1]);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('D10: a key that is added first goes before all that wait, and has one pass for that', async () => {
  const { queue, begun, end } = world({ workers: 1 });
  queue.start();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  queue.addFirst('c');
  queue.addFirst('d');
  await pass();
  for (const key of ['a', 'c', 'd', 'b']) await end(key);
  await pass(1000);

  expect(begun).toEqual(['a', 'c', 'd', 'b']);
  expect(queue.depth).toBe(0);
});

test('D10: a key that is in flight when it is added first is looked at again before all others, and never twice at once', async () => {
  const { queue, begun, end } = world({ workers: 2 });
  queue.start();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  queue.addFirst('a');
  await pass();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c', 'a']);
});

test('a key in flight is in flight once; adds meanwhile make one more pass', async () => {
  const { queue, begun, end } = world();
  queue.start();
  queue.add('a');
  await pass();
  queue.add('a');
  queue.add('a');
  await pass(1000);
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'a']);
  await end('a');
  await pass(1000);
  expect(begun.length).toBe(2);
});

test('a pass says when the key is looked at next', async () => {
  const { queue, at } = instant((_, turn) => (turn === 1 ? { kind: 'after', ms: 5000 } : REST));
  queue.add('a');
  await pass(60_000);

  expect(at[1]).toBeCloseTo(5000, -1);
  expect(at.length).toBe(2);
});

test('an event comes before the wake-up and replaces it', async () => {
  const { queue, at } = instant((_, turn) => (turn === 1 ? { kind: 'after', ms: 5000 } : REST));
  queue.add('a');
  await pass(1000);
  queue.add('a');
  await pass(60_000);

  expect(at.length).toBe(2);
});

test('where keys are spaced, the first add is looked at once, and those that follow together when the space is over', async () => {
  const { queue, at } = instant(() => REST, { spacingMs: 250 });
  for (let add = 0; add < 10; add++) {
    queue.add('a');
    await pass(20);
  }
  await pass(60_000);
  queue.add('a');
  await pass();

  expect(at.map((ms) => Math.round(ms / 10) * 10)).toEqual([0, 250, 60_200]);
});

test('a space is between the passes of one key: others go on, and a retry keeps to it', async () => {
  const { queue, begun, end } = world({ spacingMs: 250 });
  queue.start();
  queue.add('a');
  await pass();
  queue.add('a');
  queue.add('b');
  await end('a', { kind: 'after', ms: 10 });
  await end('b');
  await pass(200);
  expect(begun).toEqual(['a', 'b']);
  await pass(60);
  expect(begun).toEqual(['a', 'b', 'a']);
});

test('failures are repeated with doubled waits, up to thirty seconds', async () => {
  const { queue, at } = instant((_, turn) => (turn < 11 ? { kind: 'backoff', failure: new Error('x') } : REST));
  queue.add('a');
  await pass(600_000);
  const waits = at.slice(1).map((moment, turn) => Math.round((moment - (at[turn] ?? 0)) / 100) * 100);

  expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
});

test('a pass that throws is a failure like any other, and is heard of', async () => {
  const heard = vi.fn<(key: string, failure: unknown, failures: number) => void>();
  const { queue, at } = instant(
    (_, turn) => {
      if (turn < 3) throw new Error('observe failed');
      return REST;
    },
    { onFailure: heard },
  );
  queue.add('a');
  await pass(10_000);

  expect(at.length).toBe(3);
  expect(heard.mock.calls.map(([key, , failures]) => [key, failures])).toEqual([
    ['a', 1],
    ['a', 2],
  ]);
});

test('success forgets earlier failures', async () => {
  const failing = new Set([1, 2, 4]);
  const { queue, at } = instant((_, turn) => (failing.has(turn) ? { kind: 'backoff', failure: new Error('x') } : REST));
  queue.add('a');
  await pass(1000);
  queue.add('a');
  await pass(1000);

  expect(at.length).toBe(5);
  expect((at[4] ?? 0) - (at[3] ?? 0)).toBeCloseTo(200, -1);
});

test('what the API server asks to wait is waited', async () => {
  const busy = new KubeError('GET /x', { status: 429, reason: 'TooManyRequests', message: '', retryAfterMs: 7000 });
  const { queue, at } = instant((_, turn) => (turn === 1 ? { kind: 'backoff', failure: busy } : REST));
  queue.add('a');
  await pass(60_000);

  expect(at[1]).toBeGreaterThanOrEqual(7000);
});

test('a key put to rest is not woken', async () => {
  const { queue, at } = instant(() => ({ kind: 'after', ms: 5000 }));
  queue.add('a');
  await pass();
  queue.rest('a');
  await pass(60_000);

  expect(at.length).toBe(1);
});

test('thousands of keys wake each at their own time, with one timer', async () => {
  const woken: string[] = [];
  const { queue } = instant((key) => (woken.push(key), REST));
  for (let at = 1000; at > 0; at--) queue.addAfter(`k${at}`, at * 10);
  expect(vi.getTimerCount()).toBe(1);
  await pass(5000);
  expect(woken.length).toBe(500);
  await pass(5000);
  expect(woken).toEqual(Array.from({ length: 1000 }, (_, at) => `k${at + 1}`));
});

test('adds gather until the start', async () => {
  const { queue, begun } = world();
  queue.add('a');
  queue.addAfter('b', 100);
  await pass(1000);
  expect(begun).toEqual([]);
  queue.start();
  await pass();
  expect(begun).toEqual(['a', 'b']);
});

test('stop waits for what is in flight and begins nothing more', async () => {
  const { queue, begun, end } = world();
  queue.start();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await pass();
  const stopped = queue.stop(5000);
  queue.add('d');
  await end('a', { kind: 'after', ms: 1 });
  await end('b');

  expect(await stopped).toBe(true);
  await pass(60_000);
  expect(begun).toEqual(['a', 'b']);
  expect(vi.getTimerCount()).toBe(0);
});

test('stop does not wait longer than it may, and says so', async () => {
  const { queue } = world();
  queue.start();
  queue.add('a');
  await pass();
  const stopped = queue.stop(5000);
  await pass(5000);

  expect(await stopped).toBe(false);
});

test('passes that never wait for anything do not starve the event loop', async () => {
  vi.useRealTimers();
  let passes = 0;
  const several = Promise.withResolvers<void>();
  const queue = new WorkQueue({
    name: 'test',
    workers: 1,
    reconcile: async (key) => {
      if (++passes === 10) several.resolve();
      queue.add(key);
      return REST;
    },
  });
  queue.add('a');
  queue.start();
  await several.promise;
  await new Promise((resolve) => void setTimeout(resolve, 1));
  expect(await queue.stop(1000)).toBe(true);
});

test('the observer hears of depth, waits and work', async () => {
  const heard: unknown[] = [];
  const observer = {
    added: () => heard.push('added'),
    depth: (waiting: number) => heard.push(`depth ${waiting}`),
    waited: (ms: number) => heard.push(`waited ${ms}`),
    worked: (ms: number) => heard.push(`worked ${ms}`),
    retried: () => heard.push('retried'),
  };
  const { queue, end } = world({ observer });
  queue.add('a');
  await pass(30);
  queue.start();
  await pass(20);
  await end('a', { kind: 'backoff', failure: new Error('x') });

  expect(heard).toEqual(['added', 'depth 1', 'waited 30', 'depth 0', 'worked 20', 'retried']);
});
