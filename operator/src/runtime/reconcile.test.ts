import { expect, test } from 'vitest';
import { KubeError } from '../kube/errors.ts';
import { Stalled, Waiting } from './outcome.ts';
import { type Decision, type Room, reconcile } from './reconcile.ts';

const now = new Date('2026-01-01T00:00:00Z');
const refusal = (status: number): KubeError => new KubeError('PUT /x', { status, reason: 'scripted', message: '' });

interface World {
  readonly actions?: readonly string[];
  readonly decision?: Partial<Decision<string>>;
  readonly fails?: Readonly<Record<string, unknown>>;
  readonly gone?: boolean;
  readonly silent?: boolean;
  readonly publishing?: unknown;
}

function room(world: World): { room: Room<string, string, string>; told: string[] } {
  const told: string[] = [];
  const under: Room<string, string, string> = {
    name: 'test',
    observe: async (key) => (world.gone ? undefined : `seen ${key}`),
    decide: () => ({ actions: world.actions ?? [], ...world.decision }),
    perform: async (action) => {
      told.push(action);
      await Promise.resolve();
      const failure = world.fails?.[action];
      if (failure !== undefined) throw failure;
    },
    report: (seen, actions, failure) =>
      world.silent
        ? undefined
        : `${seen}, ${actions.length} actions, ${failure instanceof Error ? failure.message : 'fine'}`,
    publish: async (_, status) => {
      told.push(`publish ${status}`);
      if (world.publishing !== undefined) throw world.publishing;
    },
  };
  return { room: under, told };
}

async function pass(world: World): Promise<{ told: string[]; next: unknown }> {
  const { room: under, told } = room(world);
  return { told, next: await reconcile(under, 'a', now) };
}

test('actions run in order, then the status is published', async () => {
  const { told, next } = await pass({ actions: ['one', 'two'], decision: { requeueAfterMs: 5 } });

  expect(told).toEqual(['one', 'two', 'publish seen a, 2 actions, fine']);
  expect(next).toEqual({ kind: 'after', ms: 5 });
});

test('an object that is gone is left alone', async () => {
  expect(await pass({ gone: true, actions: ['one'] })).toEqual({ told: [], next: { kind: 'rest' } });
});

test('the first failure stops what follows, and is reported nevertheless', async () => {
  const { told, next } = await pass({ actions: ['one', 'two'], fails: { one: new Waiting(70, 'Busy', 'busy') } });

  expect(told).toEqual(['one', 'publish seen a, 2 actions, busy']);
  expect(next).toEqual({ kind: 'after', ms: 70 });
});

test('a status that already reads so is not published', async () => {
  expect((await pass({ silent: true })).told).toEqual([]);
});

test('an object that went while its status was written is left alone', async () => {
  expect((await pass({ fails: { one: new Error('x') }, actions: ['one'], publishing: refusal(404) })).next).toEqual({
    kind: 'rest',
  });
});

test('a status that could not be written is tried again, even for a stalled object', async () => {
  const failure = refusal(409);
  const world = { actions: ['one'], fails: { one: new Stalled('Broken', 'broken') }, publishing: failure };

  expect((await pass(world)).next).toEqual({ kind: 'backoff', failure });
});

test('independent actions run at once, sixteen at most', async () => {
  const actions = Array.from({ length: 40 }, (_, at) => String(at));
  const { room: under } = room({ actions, decision: { parallel: true }, silent: true });
  const running = { now: 0, most: 0 };
  const slow = async (): Promise<void> => {
    running.most = Math.max(running.most, ++running.now);
    await Promise.resolve();
    running.now--;
  };
  await reconcile({ ...under, perform: slow }, 'a', now);

  expect(running).toEqual({ now: 0, most: 16 });
});

test('of independent actions none begins after one has failed', async () => {
  const actions = Array.from({ length: 40 }, (_, at) => String(at));
  const { told, next } = await pass({
    actions,
    decision: { parallel: true },
    fails: { 3: refusal(500) },
    silent: true,
  });

  expect(told.length).toBeLessThan(40);
  expect(next).toMatchObject({ kind: 'backoff', failure: { status: 500 } });
});

test('every action is told when it is over, failed or not', async () => {
  const { room: under } = room({ actions: ['one', 'two'], fails: { two: refusal(500) }, silent: true });
  const heard: unknown[] = [];
  await reconcile(under, 'a', now, (action, ms, failure) =>
    heard.push([action, ms >= 0, failure instanceof KubeError]),
  );

  expect(heard).toEqual([
    ['one', true, false],
    ['two', true, true],
  ]);
});
