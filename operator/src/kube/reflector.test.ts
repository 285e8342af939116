import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { bookmark, type Thing, Things, thing } from '../testing/objects.ts';
import { ScriptedTransport } from '../testing/scripted-transport.ts';
import { KubeError } from './errors.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';
import { Store } from './store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface World {
  readonly server: ScriptedTransport;
  readonly store: Store<Thing>;
  readonly reflector: Reflector<Thing>;
  readonly problems: unknown[];
  readonly recoveries: number[];
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

async function follow(
  options: Partial<ReflectorOptions<Thing>> = {},
  prepare?: (server: ScriptedTransport) => void,
): Promise<World> {
  const [server, store, stop] = [new ScriptedTransport(), new Store<Thing>(), new AbortController()];
  const [problems, recoveries]: [unknown[], number[]] = [[], []];
  prepare?.(server);
  const reflector = new Reflector<Thing>({
    transport: server,
    type: Things,
    store,
    onProblem: (error) => problems.push(error),
    onRecovered: (ms) => recoveries.push(ms),
    ...options,
  });
  const ended = reflector.run(stop.signal);
  onTestFinished(() => stop.abort());
  await pass(0);
  return { server, store, reflector, problems, recoveries, stop, ended };
}

const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
const names = (store: Store<Thing>): string[] => store.list().map((one) => one.metadata.name);
const added = (...things: Thing[]): unknown[] => things.map((object) => ({ type: 'ADDED', object }));
const refusal = (status: number, reason: string, retryAfterMs?: number): KubeError =>
  new KubeError('WATCH /things', { status, reason, message: 'scripted', retryAfterMs });

test('a streamed list is complete at its last bookmark, not before', async () => {
  const { server, store, reflector } = await follow();
  server.latest.send(...added(thing('a', 3), thing('b', 5)));
  await pass(0);
  expect([store.synced, store.size]).toEqual([false, 0]);

  server.latest.send(bookmark(6, true));
  await reflector.ready;
  expect([store.synced, names(store)]).toEqual([true, ['a', 'b']]);
  expect(server.latest.query).toMatchObject({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' });
});

test('a stream that is cut while it fills begins anew and loses nothing', async () => {
  const { server, store } = await follow();
  server.latest.send(...added(thing('a', 3)));
  server.latest.fail(refusal(0, 'Unreachable'));
  await pass(300);
  server.latest.send(...added(thing('b', 5)), bookmark(6, true));
  await pass(0);

  expect(names(store)).toEqual(['b']);
  expect(server.latest.query).toMatchObject({ sendInitialEvents: true });
});

test('a watch that ends goes on where it was, bookmarks included', async () => {
  const { server, store } = await follow();
  server.latest.send(bookmark(6, true), ...added(thing('a', 7)), bookmark(20));
  await pass(60_000);
  server.latest.end();
  await pass(0);
  server.latest.send({ type: 'DELETED', object: thing('a', 21) });
  await pass(0);

  expect(server.latest.query['resourceVersion']).toBe('20');
  expect(names(store)).toEqual([]);
});

test('an expired version is answered by reading everything again, at once, with the differences told', async () => {
  const { server, store } = await follow();
  server.latest.send(...added(thing('gone', 3), thing('kept', 4)), bookmark(6, true));
  await pass(0);
  const changes: string[] = [];
  store.onChange((key, now, before) =>
    changes.push(`${key} ${before === undefined ? '+' : now === undefined ? '-' : '~'}`),
  );
  server.latest.send({ type: 'ERROR', object: { code: 410, reason: 'Expired', message: 'too old resource version' } });
  await pass(0);
  server.latest.send(...added(thing('kept', 4), thing('new', 8)), bookmark(9, true));
  await pass(0);

  expect(server.latest.query).toMatchObject({ sendInitialEvents: true });
  expect(changes).toEqual(['default/new +', 'default/gone -']);
});

test('a server that keeps answering 410 is not asked in a circle', async () => {
  const { server } = await follow({}, (scripted) => (scripted.refusal = () => refusal(410, 'Gone')));
  await pass(1000);

  expect(server.watches.length).toBeLessThan(6);
});

test.for([400, 422])('a server that does not stream lists (%i) is read in pages', async (status) => {
  const { server, store } = await follow({}, (scripted) => {
    scripted.refusal = () => (scripted.watches.length === 1 ? refusal(status, 'Invalid') : undefined);
    scripted.answer = (_, __, { query }) =>
      query?.['continue'] === undefined
        ? {
            apiVersion: 'test.example/v1',
            kind: 'ThingList',
            metadata: { resourceVersion: '9', continue: 'c' },
            items: [bare('a', 3)],
          }
        : {
            apiVersion: 'test.example/v1',
            kind: 'ThingList',
            metadata: { resourceVersion: '9' },
            items: [bare('b', 4)],
          };
  });

  expect(names(store)).toEqual(['a', 'b']);
  expect(store.get('default/a')).toEqual(thing('a', 3));
  expect(server.latest.query['resourceVersion']).toBe('9');
});

function bare(name: string, version: number): object {
  const { metadata } = thing(name, version);
  return { metadata };
}

test('Retry-After is kept to, and does not make later waits longer', async () => {
  const { server } = await follow({}, (scripted) => (scripted.refusal = () => refusal(429, 'TooManyRequests', 1000)));
  await pass(10_000);

  expect(server.watches.length).toBe(11);
});

test('other failures are repeated ever more slowly, at least every five seconds', async () => {
  const { server } = await follow({}, (scripted) => (scripted.refusal = () => refusal(503, 'ServiceUnavailable')));
  await pass(60_000);
  const before = server.watches.length;
  await pass(60_000);

  expect(before).toBeLessThan(35);
  expect(server.watches.length - before).toBeGreaterThanOrEqual(12);
});

test('a watch that ends at once is not opened again at once', async () => {
  const { server } = await follow();
  server.latest.end();
  await pass(50);
  expect(server.watches.length).toBe(1);
  await pass(300);
  expect(server.watches.length).toBe(2);
});

test('an outage is told once, and its end once', async () => {
  const { server, problems, recoveries } = await follow({}, (scripted) => {
    scripted.refusal = () => (scripted.watches.length < 6 ? refusal(404, 'NotFound') : undefined);
  });
  await pass(30_000);

  expect(server.watches.length).toBe(6);
  expect([problems.length, recoveries.length]).toEqual([1, 1]);
});

test('S8: after 30 s without a watch the copy is not settled until everything was read again', async () => {
  const { server, reflector, store } = await follow();
  server.latest.send(...added(thing('a', 3)), bookmark(6, true));
  await pass(5_000);
  expect(reflector.settled).toBe(true);

  server.refusal = () => refusal(0, 'Unreachable');
  server.latest.fail(refusal(0, 'Unreachable'));
  await pass(10_000);
  expect([reflector.settled, reflector.outageMs]).toEqual([true, 10_000]);
  await pass(21_000);
  expect(reflector.settled).toBe(false);

  server.refusal = undefined;
  await pass(5_000);
  expect([reflector.outageMs, reflector.settled, store.size]).toEqual([0, false, 1]);
  server.latest.send(...added(thing('b', 8)), bookmark(9, true));
  await pass(0);
  expect([reflector.settled, names(store)]).toEqual([true, ['b']]);
});

test('five minutes of silence are not believed: everything is read again', async () => {
  const { server, problems } = await follow();
  server.latest.send(bookmark(900, true));
  await pass(300_500);

  expect(server.latest.query).toMatchObject({ sendInitialEvents: true });
  expect(problems).toMatchObject([{ reason: 'Silent' }]);
});

test('a server that was set back is believed, although its versions are lower', async () => {
  const { server, store } = await follow();
  server.latest.send(...added(thing('lost', 899)), bookmark(900, true));
  await pass(300_500);
  server.latest.send(...added(thing('restored', 40)), bookmark(50, true));
  await pass(0);

  expect(names(store)).toEqual(['restored']);
});

test('frames that come twice or late change nothing', async () => {
  const { server, store } = await follow();
  server.latest.send(bookmark(6, true), ...added(thing('a', 8)), ...added(thing('a', 7)), ...added(thing('a', 8)));
  await pass(2_000);
  server.latest.end();
  await pass(0);

  expect(store.get('default/a')?.metadata.resourceVersion).toBe('8');
  expect(server.latest.query['resourceVersion']).toBe('8');
});

test('selectors and namespace are part of every question', async () => {
  const { server } = await follow({ namespace: 'a', labelSelector: 'x=y', fieldSelector: 'spec.z=1' });

  expect(server.latest.query).toMatchObject({ labelSelector: 'x=y', fieldSelector: 'spec.z=1' });
});

test('stop ends it, whatever it waits for', async () => {
  const { stop, ended } = await follow();
  stop.abort();
  await ended;
  const waiting = await follow({}, (scripted) => (scripted.refusal = () => refusal(503, 'ServiceUnavailable')));
  waiting.stop.abort();
  await waiting.ended;
  expect(vi.getTimerCount()).toBe(0);
});
