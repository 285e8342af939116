import { LABEL, type McpServerStatus } from '@cortex/crds';
import { expect, test } from 'vitest';
import { withConditions } from '../conditions.ts';
import { server, wish } from '../testing/servers.ts';
import { at } from '../testing/world.ts';
import { idleness } from './idle.ts';

const inUse = (name = 'calls') => wish(name, 1, { policy: 'AtLeast', labels: { [LABEL.waker]: 'waker-0' } });
const sleepy = (status?: McpServerStatus) => server('clock', { idle: { enabled: true, after: '5m' } }, status);

/** What was written after the last look. */
const after = (...looked: Parameters<typeof idleness>): McpServerStatus => {
  const { claim, lastActivityTime } = idleness(...looked);
  return {
    conditions: withConditions(undefined, [claim], 1, looked[2]),
    ...(lastActivityTime === undefined ? {} : { lastActivityTime }),
  };
};

test('where nothing reports calls, a server is never idle, however long it is silent', () => {
  const found = idleness(sleepy(), [], at('23:00:00'));

  expect(found.claim).toMatchObject({ status: 'Unknown', reason: 'NoUsageSignal' });
  expect(found.asleep).toBe(false);
});

test('an Allocation that names it is use, and its end alone is no sign of idleness', () => {
  const named = idleness(sleepy(), [wish('w', 1, { policy: 'AtLeast', of: 'job' })], at('10:00:00'));
  expect(named.claim).toMatchObject({ status: false, reason: 'Claimed' });

  const ended = idleness(sleepy(after(sleepy(), [wish('w', 1, { of: 'job' })], at('10:00:00'))), [], at('11:00:00'));
  expect(ended.claim.reason).toBe('NoUsageSignal');
});

test('a server sleeps when the last reported call is longer ago than idle.after', () => {
  const used = sleepy(after(sleepy(), [inUse()], at('10:00:00')));
  expect(used.status).toMatchObject({ lastActivityTime: '2030-01-01T10:00:00Z' });

  const ended = sleepy(after(used, [], at('10:20:00')));
  expect(ended.status).toMatchObject({ lastActivityTime: '2030-01-01T10:20:00Z' });

  const recent = idleness(ended, [], at('10:24:59'));
  expect(recent.claim).toMatchObject({ status: false, reason: 'RecentlyUsed' });
  expect(recent.idleAt).toBe(at('10:25:00').getTime());
  const idle = idleness(ended, [], at('10:25:00'));
  expect(idle.claim).toMatchObject({ status: true, reason: 'Idle' });
  expect(idle.asleep).toBe(true);
});

test('while calls are in flight the time of use is not written again and again', () => {
  const used = sleepy(after(sleepy(), [inUse()], at('10:00:00')));

  expect(idleness(used, [inUse('other')], at('10:10:00')).lastActivityTime).toBe('2030-01-01T10:00:00Z');
});

test('an idle server that nobody told to sleep stays up', () => {
  const awake = server('clock', { idle: { enabled: false } }, { lastActivityTime: '2030-01-01T08:00:00Z' });

  expect(idleness(awake, [], at('10:00:00'))).toMatchObject({ asleep: false, claim: { status: true } });
});
