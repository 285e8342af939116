import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { refusal, ScriptedClient } from '../testing/scripted-client.ts';
import type { Lease } from './core.ts';
import { Elector, type ElectorOptions } from './lease.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Candidate {
  readonly elector: Elector;
  readonly losses: string[];
  readonly problems: unknown[];
  readonly crash: () => void;
}

/** A candidate that runs until the test ends or it crashes: then it is silent, and its lease stays behind. */
function stand(server: ScriptedClient, identity: string, options: Partial<ElectorOptions> = {}): Candidate {
  const [losses, problems, stop]: [string[], unknown[], AbortController] = [[], [], new AbortController()];
  const elector = new Elector({
    client: server.client,
    namespace: 'default',
    name: 'operator',
    identity,
    onLost: (reason) => losses.push(reason),
    onProblem: (error) => problems.push(error),
    ...options,
  });
  void elector.run(stop.signal);
  onTestFinished(() => stop.abort());
  return { elector, losses, problems, crash: () => stop.abort() };
}

const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
const lease = (server: ScriptedClient): Lease => server.objects.get('leases/default/operator') as Lease;

test('S10: the first candidate leads, and renews', async () => {
  const server = new ScriptedClient();
  const { elector } = stand(server, 'a');
  await elector.acquired;
  const { acquireTime } = lease(server).spec ?? {};
  await pass(60_000);

  expect(elector.leading).toBe(true);
  expect(elector.remainingMs()).toBeGreaterThan(27_000);
  expect(lease(server).spec).toMatchObject({
    holderIdentity: 'a',
    leaseDurationSeconds: 30,
    leaseTransitions: 0,
    acquireTime,
  });
  expect(lease(server).spec?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test('S10: a second candidate waits as long as the first renews', async () => {
  const server = new ScriptedClient();
  const first = stand(server, 'a');
  await first.elector.acquired;
  const second = stand(server, 'b');
  await pass(300_000);

  expect([first.elector.leading, second.elector.leading, second.elector.remainingMs()]).toEqual([true, false, 0]);
});

test('S10: a crashed leader is followed when its lease has lasted out before our own eyes', async () => {
  const server = new ScriptedClient();
  const first = stand(server, 'a');
  await first.elector.acquired;
  first.crash();
  await pass(20_000);
  const second = stand(server, 'b');
  await pass(29_000);
  expect(second.elector.leading).toBe(false);
  await pass(4_000);

  expect(second.elector.leading).toBe(true);
  expect(second.elector.epoch).toBe(1);
});

test('S10: wrong clocks take no lease away', async () => {
  const server = new ScriptedClient();
  const first = stand(server, 'a', { now: () => new Date('1999-01-01T00:00:00Z') });
  await first.elector.acquired;
  const second = stand(server, 'b', { now: () => new Date('2099-01-01T00:00:00Z') });
  await pass(120_000);

  expect([first.elector.leading, second.elector.leading]).toEqual([true, false]);
});

test('S10: a restarted process takes its own lease over at once, under a new number', async () => {
  const server = new ScriptedClient();
  const before = stand(server, 'a');
  await before.elector.acquired;
  before.crash();
  const after = stand(server, 'a');
  await pass(0);

  expect([after.elector.leading, after.elector.epoch]).toEqual([true, 1]);
});

test('S10: of two processes with one identity the older loses', async () => {
  const server = new ScriptedClient();
  const older = stand(server, 'a');
  await older.elector.acquired;
  const newer = stand(server, 'a');
  await pass(3_000);

  expect([older.losses, newer.losses]).toEqual([['taken by a'], []]);
});

test('S10: a released lease is taken at the next look', async () => {
  const server = new ScriptedClient();
  const first = stand(server, 'a');
  await first.elector.acquired;
  const second = stand(server, 'b');
  await pass(1_000);
  first.crash();
  await first.elector.release();
  expect([first.elector.leading, first.losses]).toEqual([false, []]);
  await pass(2_500);

  expect(second.elector.leading).toBe(true);
});

test('S10: without a renewal for twenty seconds it is lost, ten seconds before anybody else may lead', async () => {
  const server = new ScriptedClient();
  const first = stand(server, 'a');
  await first.elector.acquired;
  server.before = () => {
    throw refusal(503, 'ServiceUnavailable');
  };
  await pass(19_900);
  expect([first.losses, first.elector.leading]).toEqual([[], true]);
  await pass(200);

  expect([first.losses, first.elector.leading]).toEqual([['not renewed before the deadline'], false]);
});

test('S10: a call that hangs does not hide that the lease is lost', async () => {
  const server = new ScriptedClient();
  const { elector, losses } = stand(server, 'a');
  await elector.acquired;
  server.before = () => new Promise(() => undefined);
  await pass(20_100);

  expect([losses.length, elector.leading]).toEqual([1, false]);
});

test('S10: a renewal whose answer was lost is no loss', async () => {
  const server = new ScriptedClient();
  const { elector, losses } = stand(server, 'a');
  await elector.acquired;
  let lost = 0;
  server.after = (verb) => {
    if (verb === 'update' && lost++ === 0) throw refusal(0, 'Unreachable');
  };
  await pass(60_000);

  expect(lost).toBeGreaterThan(10);
  expect([losses, elector.leading]).toEqual([[], true]);
});

test('S10: the remaining time is counted from before a renewal was sent', async () => {
  const server = new ScriptedClient();
  const { elector } = stand(server, 'a');
  await elector.acquired;
  server.after = (verb) => (verb === 'update' ? new Promise((resolve) => void setTimeout(resolve, 9_000)) : undefined);
  await pass(11_300);

  expect(elector.remainingMs()).toBeLessThanOrEqual(21_000);
});

test('S10: a machine that was suspended knows at once that its lease is over', async () => {
  const server = new ScriptedClient();
  const { elector } = stand(server, 'a');
  await elector.acquired;
  vi.setSystemTime(Date.now() + 30 * 60_000);

  expect([elector.remainingMs(), elector.leading]).toEqual([0, false]);
});

test('S10: whoever wins a race for an expired lease, there is one', async () => {
  const server = new ScriptedClient();
  const all = ['a', 'b', 'c', 'd', 'e'].map((identity) => stand(server, identity));
  await pass(10_000);
  expect(all.filter(({ elector }) => elector.leading).length).toBe(1);
  all.find(({ elector }) => elector.leading)?.crash();
  await pass(40_000);

  expect(all.filter(({ elector }) => elector.leading).length).toBe(1);
  expect(lease(server).spec?.leaseTransitions).toBe(1);
});

test('a Lease that somebody deletes is lost', async () => {
  const server = new ScriptedClient();
  const { elector, losses } = stand(server, 'a');
  await elector.acquired;
  server.objects.clear();
  await pass(3_000);

  expect(losses).toEqual(['the Lease was deleted']);
});
