import { expect, test } from 'vitest';
import { type Parts, run } from './run.ts';

interface World {
  readonly parts: Parts;
  readonly told: string[];
  readonly complete: () => void;
  readonly acquire: () => void;
  readonly lose: () => void;
}

function world({
  drains = true,
  elects = true,
  more = {},
}: {
  drains?: boolean;
  elects?: boolean;
  more?: Partial<Parts>;
} = {}): World {
  const told: string[] = [];
  const tell = (word: string) => async (): Promise<void> => void told.push(word);
  const [ready, acquired, lost] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const until = async (name: string, signal: AbortSignal, end?: Promise<void>): Promise<void> => {
    told.push(`${name} runs`);
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([stopped, end ?? stopped]);
    told.push(`${name} ends`);
  };
  const election = {
    acquired: acquired.promise,
    run: (signal: AbortSignal) => until('election', signal, lost.promise),
    release: tell('release'),
  };
  const worker = {
    name: 'queue',
    start: () => void told.push('queue starts'),
    stop: async () => {
      told.push('queue drains');
      return drains;
    },
  };
  const follower = { name: 'pods', ready: ready.promise, run: (signal: AbortSignal) => until('pods', signal) };
  const parts: Parts = {
    followers: [follower],
    workers: [worker],
    graceMs: 1,
    close: tell('close'),
    ...(elects ? { election } : {}),
    ...more,
  };
  return { parts, told, complete: ready.resolve, acquire: acquired.resolve, lose: lost.resolve };
}

test('copies come first, then the lease, then work; and back in the opposite order', async () => {
  const { parts, told, complete, acquire } = world();
  const running = run(parts);
  complete();
  await running.ready;
  acquire();
  await running.working;
  await running.stop();

  expect(told).toEqual([
    'pods runs',
    'election runs',
    'queue starts',
    'queue drains',
    'election ends',
    'release',
    'pods ends',
    'close',
  ]);
  expect(await running.finished).toBe('stopped');
});

test('the lease is not given back while work is under way', async () => {
  const { parts, told, complete, acquire } = world({ drains: false });
  const running = run(parts);
  complete();
  acquire();
  await running.working;
  await running.stop();

  expect(told).not.toContain('release');
  expect(told).toContain('close');
});

test('a lost lease ends everything, and is said', async () => {
  const { parts, told, complete, acquire, lose } = world();
  const running = run(parts);
  complete();
  acquire();
  await running.working;
  lose();

  expect(await running.finished).toBe('lost');
  expect(told.slice(-3)).toEqual(['queue drains', 'pods ends', 'close']);
});

test('stopped before its copies are complete, it never stands for election and never works', async () => {
  const { parts, told, complete, acquire } = world();
  const running = run(parts);
  const stopped = running.stop();
  complete();
  acquire();
  await stopped;

  expect(told).not.toContain('queue starts');
  expect(told.at(-1)).toBe('close');
});

test('without an election work begins when the copies are complete', async () => {
  const { parts, told, complete } = world({ elects: false });
  const running = run(parts);
  complete();
  await running.working;
  await running.stop();

  expect(told).toEqual(['pods runs', 'queue starts', 'queue drains', 'pods ends', 'close']);
});

test('each step is told, and a close that fails is one of them', async () => {
  const steps: string[] = [];
  const more = { onStep: (step: string) => steps.push(step), close: () => Promise.reject(new Error('stuck')) };
  const { parts, complete, acquire } = world({ more });
  const running = run(parts);
  complete();
  acquire();
  await running.working;
  await running.stop();

  expect(steps).toEqual(['copies complete', 'working', 'stopping', 'closing failed: Error: stuck']);
});
