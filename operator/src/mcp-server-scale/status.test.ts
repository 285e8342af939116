import type { McpServer, McpServerScale, McpServerScaleStatus } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { type Claim, conditionOf, withConditions } from '../conditions.ts';
import { accepted, adopted, wish, workload } from '../testing/servers.ts';
import { at, deleting } from '../testing/world.ts';
import { effectiveOf, type Seen } from './seen.ts';
import { report } from './status.ts';

const NOW = at('10:00:00');

const scaled = (replicas: number, more: object = {}, pods = replicas): McpServer =>
  adopted(workload('clock'), {
    baseline: 1,
    desired: replicas,
    replicas: pods,
    ready: pods,
    phase: pods === replicas ? (replicas === 0 ? 'Stopped' : 'Running') : 'Scaling',
    ...more,
  });

/** Its server says what all wishes come to, unless `change` holds what it says. */
function look(one: McpServerScale, others: McpServerScale[] = [], change: Partial<Seen> = {}): Seen {
  const seen = {
    wish: one,
    server: scaled(3),
    workload: workload('clock', { replicas: 3 }),
    wishes: [one, ...others],
    ...change,
  };
  const { server } = seen;
  if (server?.status === undefined || server.status.effective !== undefined) return seen;
  const { replicas = 0, because = [] } = effectiveOf(seen, NOW) ?? {};
  return {
    ...seen,
    server: { ...server, status: { ...server.status, effective: { replicas, because: [...because] } } },
  };
}

const said = (seen: Seen, now = NOW): McpServerScaleStatus | undefined => report(seen, now);

/** `Effective; Applied=True Applied: …; Ready=True Running: …` */
function words(seen: Seen, now = NOW): string {
  const status = said(seen, now);
  const each = (['Accepted', 'Applied', 'Ready'] as const).map((type) => {
    const { status: is, reason } = conditionOf(status?.conditions, type) ?? {};
    return `${type}=${is}/${reason}`;
  });
  return `${status?.phase}: ${each.join(' ')}`;
}

const message = (seen: Seen, type: Claim['type']) => conditionOf(said(seen)?.conditions, type)?.message;

test('a wish that counts is taken in, applied and ready, with what the scale subresource needs', () => {
  const seen = look(wish('w', 3, { version: 77 }));

  expect(words(seen)).toBe('Effective: Accepted=True/Accepted Applied=True/Applied Ready=True/Running');
  expect(said(seen)).toMatchObject({
    replicas: 3,
    ready: 3,
    effectiveReplicas: 3,
    selector: 'app=clock',
    acceptedSequence: 77,
    acceptedGeneration: 1,
    acceptedAt: '2030-01-01T10:00:00Z',
  });
});

test('an edit is accepted anew; anything else that is written to it is not', () => {
  const first = accepted(wish('w', 3, { version: 77 }), at('09:00:00'));
  expect(said(look(first))).toMatchObject({ acceptedSequence: 77, acceptedAt: '2030-01-01T09:00:00Z' });

  const edited = { ...first, metadata: { ...first.metadata, generation: 2, resourceVersion: '500' } };
  expect(said(look(edited))).toMatchObject({
    acceptedSequence: 500,
    acceptedGeneration: 2,
    acceptedAt: '2030-01-01T10:00:00Z',
  });
});

test('zero is ready when no pod is left', () => {
  const stop = wish('stop', 0);
  const stopped = { workload: workload('clock', { replicas: 0 }) };

  expect(words(look(stop, [], { ...stopped, server: scaled(0) }))).toContain('Ready=True/Stopped');
  expect(words(look(stop, [], { ...stopped, server: scaled(0, {}, 2) }))).toContain('Ready=False/Scaling');
});

test('a wish is not ready before its server says so of the same number', () => {
  expect(words(look(wish('w', 3), [], { server: scaled(3, {}, 1) }))).toBe(
    'Effective: Accepted=True/Accepted Applied=True/Applied Ready=False/Scaling',
  );
});

/** The server, once it says that this wish is why it has so many. */
const says = (replicas: number, name: string): McpServer =>
  scaled(replicas, { effective: { replicas, because: [{ kind: 'McpServerScale', name, wants: replicas }] } });

test('a wish is not applied before its workload is set to it, and its server says the same number for the same reason', () => {
  const one = wish('w', 3);
  const waiting = 'Waiting: Accepted=True/Accepted Applied=False/Scaling Ready=False/Scaling';
  expect(words(look(one, [], { workload: workload('clock') }))).toBe(waiting);
  expect(words(look(one, [], { server: says(1, 'w') }))).toBe(waiting);
  expect(words(look(one, [], { server: says(3, 'the-one-before') }))).toBe(waiting);
  expect(words(look(one, [], { server: says(3, 'w') }))).toContain('Effective');
});

test('why the server is not ready is why the wish is not', () => {
  const claim: Claim = { type: 'Ready', status: false, reason: 'NotMcp', message: 'nginx' };
  const server = scaled(3, { phase: 'Scaling', conditions: withConditions(undefined, [claim], 1, NOW) });

  expect(words(look(wish('w', 3), [], { server }))).toContain('Ready=False/NotMcp');
});

describe('a wish that does not count', () => {
  const newest = wish('newest', 3, { version: 500 });

  test('is Superseded by a newer Set', () => {
    const seen = look(wish('w', 1), [newest]);

    expect(words(seen)).toBe('Superseded: Accepted=False/Superseded Applied=False/Superseded Ready=False/Superseded');
    expect(message(seen, 'Accepted')).toBe('McpServerScale newest came later and decides about McpServer clock');
  });

  test('a floor is not superseded by a Set, but by a later Override', () => {
    const floor = wish('f', 1, { policy: 'AtLeast' });

    expect(words(look(floor, [newest]))).toContain('Effective');
    expect(words(look(floor, [wish('o', 3, { policy: 'Override', version: 500 })]))).toContain('Superseded');
    expect(words(look(floor, [wish('o', 3, { policy: 'Override', version: 50 })]))).toContain('Effective');
  });

  test('is Lapsed when its ttl is over', () => {
    const short = accepted(wish('w', 3, { ttl: '90s' }), NOW);

    expect(words(look(short), at('10:01:29'))).toContain('Effective');
    expect(words(look(short), at('10:01:30'))).toContain('Lapsed: Accepted=False/Lapsed');
  });

  test('keeps the numbers it had, and follows nothing any more', () => {
    const before = { ...wish('w', 1), status: { replicas: 1, ready: 1, selector: 'app=clock' } };

    expect(said(look(before, [newest]))).toMatchObject({ replicas: 1, ready: 1, selector: 'app=clock' });
  });
});

describe('a wish that counts and cannot be applied', () => {
  test('waits for its server, and for the workload of that', () => {
    const alone = look(wish('w', 3), [], { server: undefined, workload: undefined });
    expect(words(alone)).toBe(
      'Waiting: Accepted=True/Accepted Applied=False/ServerNotFound Ready=False/ServerNotFound',
    );
    expect(message(alone, 'Applied')).toBe('There is no McpServer clock in namespace team');
    expect(words(look(wish('w', 3), [], { workload: undefined }))).toContain('Applied=False/WorkloadNotFound');
    expect(words(look(wish('w', 3), [], { server: deleting(scaled(3)) }))).toContain('ServerNotFound');
  });

  test.for(['ScaleConflict', 'AutoscalerPresent'] as const)('repeats what its server says: %s', (reason) => {
    const claim: Claim = { type: 'ScaleConflict', status: true, reason, message: 'argocd' };
    const server = scaled(1, { conditions: withConditions(undefined, [claim], 1, NOW) });

    expect(words(look(wish('w', 3), [], { server }))).toContain(
      `Waiting: Accepted=True/Accepted Applied=False/${reason}`,
    );
  });
});

test('a wish beyond the bounds of the server says what was made of it', () => {
  const server = { ...scaled(3), spec: { ...scaled(3).spec, replicas: { min: 0, max: 3 } } };
  const seen = look(wish('w', 8), [], { server });

  expect(words(seen)).toContain('Applied=True/Clamped Ready=True/Running');
  expect(message(seen, 'Applied')).toBe('8 is beyond spec.replicas of McpServer clock (0 to 3) and was cut to 3');
});

describe("an Allocation's wish", () => {
  const claim = wish('f', 1, { policy: 'AtLeast', of: 'job' });

  test('says nothing while it counts: its Allocation and the server do', () => {
    expect(said(look(claim))).toBeUndefined();
  });

  test('says when it does not, and when it does again', () => {
    const stop = wish('o', 0, { policy: 'Override', version: 500 });
    const overruled = said(look(claim, [stop]));
    expect(overruled).toMatchObject({ phase: 'Superseded', acceptedSequence: 100 });

    const counts = { ...claim, status: overruled ?? {} };
    expect(said(look(counts, [], { server: scaled(1), workload: workload('clock') }))).toMatchObject({
      phase: 'Effective',
    });
  });
});

test('a status does not change by being computed again', () => {
  const one = wish('w', 3, { version: 77 });
  const first = said(look(one)) ?? {};
  const later = { ...one, metadata: { ...one.metadata, resourceVersion: '900' }, status: first };

  expect(said(look(later), at('12:00:00'))).toEqual(first);
});

test('nothing is said of a wish that is being deleted', () => {
  expect(said(look(deleting(wish('w', 3))))).toBeUndefined();
});
