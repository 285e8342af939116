import { describe, expect, test } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { Stalled } from '../runtime/outcome.ts';
import { aPod } from '../testing/pods.ts';
import { adopted, look, server, service, wish, workload } from '../testing/servers.ts';
import { at, deleting } from '../testing/world.ts';
import { foundForeign, remembered, wrote } from './conflict.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';
import type { Verdict } from './verdict.ts';

const NOW = at('10:00:00');

const said = (seen: Seen, failure?: unknown) => report(seen, failure, NOW);

/** `Running, Ready=True Running: 1 of 1 replicas are ready` */
function word(seen: Seen): string {
  const status = said(seen);
  const { status: is, reason, message } = conditionOf(status?.conditions, 'Ready') ?? {};
  return `${status?.phase}, Ready=${is} ${reason}: ${message}`;
}

const pods = (replicas: number, ready: number) => workload('clock', { replicas, ready });
const asked = (verdict: Verdict | undefined, more: Partial<Seen> = {}) => look({ verdict, ...more } as object);
const answers: Verdict = { state: 'Answers', serverInfo: { name: 'clock', tools: 2 } };

describe('the phase', () => {
  const stopped = look({ workload: pods(0, 0), wishes: [wish('stop', 0)] });
  const unscheduled = {
    ...workload('clock', { replicas: 1, ready: 0 }),
    status: { observedGeneration: 1, replicas: 1 },
  };

  test('Stopped: nothing wanted and nothing there, which is healthy, and says why', () => {
    expect(word(stopped)).toBe(
      'Stopped, Ready=True Stopped: No replica is wanted, and none is there: McpServerScale stop wants 0',
    );
  });

  test('Running: as many ready as wanted', () => {
    expect(word(look())).toBe('Running, Ready=True Running: 1 of 1 replicas are ready');
  });

  test('Pending: some wanted, and no pod made yet, or none on a Node', () => {
    const sentence = 'Pending, Ready=False Pending: 1 wanted, and no pod of clock is on a Node yet';
    expect(word(look({ workload: pods(1, 0) }))).toBe(sentence);
    const waiting = aPod();
    delete waiting.spec.nodeName;
    expect(word(look({ workload: unscheduled, pods: [waiting] }))).toBe(sentence);
  });

  test('Scaling: everything else, on the way up and on the way down', () => {
    expect(word(look({ workload: unscheduled, pods: [aPod()] }))).toBe(
      'Scaling, Ready=False Scaling: 0 of 1 replicas are ready',
    );
    expect(word(look({ workload: pods(3, 1), wishes: [wish('w', 3)] }))).toBe(
      'Scaling, Ready=True Scaling: 1 of 3 replicas are ready',
    );
    expect(word(look({ workload: pods(1, 3) }))).toBe('Scaling, Ready=True Scaling: 3 of 1 replicas are ready');
    expect(word(look({ workload: pods(0, 1), wishes: [wish('stop', 0)] }))).toBe(
      'Scaling, Ready=False Scaling: No replica is wanted, and 1 are still there',
    );
  });
});

describe('Ready', () => {
  test('waits for the handshake once the pods are ready', () => {
    expect(word(asked(undefined))).toBe(
      'Scaling, Ready=False Scaling: Its pods are ready, and it is being asked for a handshake',
    );
    expect(word(asked(answers))).toBe('Running, Ready=True Running: 1 of 1 replicas are ready');
  });

  test('keeps what was said of the server until it answers: a restart is no reason to doubt it', () => {
    expect(word(asked(undefined, { server: before('Running', true) }))).toContain('Running, Ready=True Running');
    expect(word(asked(undefined, { server: before('NotMcp', false) }))).toBe('Scaling, Ready=False NotMcp: nginx');
    expect(word(asked(undefined, { server: before('Stopped', true) }))).toContain('Ready=False Scaling');
  });

  test('is False for what answers and is no MCP server, for what is silent, and without endpoints', () => {
    expect(word(asked({ state: 'Wrong', why: 'nginx' }))).toBe('Scaling, Ready=False NotMcp: nginx');
    expect(word(asked({ state: 'Silent', why: 'hm' }))).toBe('Scaling, Ready=False HandshakeFailed: hm');
    expect(word(asked({ state: 'NoEndpoints', why: 'none' }))).toBe('Scaling, Ready=False NoEndpoints: none');
  });

  test('follows the pods of a server that no handshake ever reached, and says so', () => {
    expect(word(asked({ state: 'Unreachable', why: 'no route' }))).toBe(
      'Running, Ready=True HandshakeUnknown: No handshake reached it, so it counts as ready with its pods: no route',
    );
  });

  test('is False for a server that once answered, and is out of reach now', () => {
    const known = adopted(workload('clock'), said(asked(answers)));

    expect(word(asked({ state: 'Unreachable', why: 'no route' }, { server: known }))).toBe(
      'Scaling, Ready=False HandshakeFailed: It answered before, and is out of reach now: no route',
    );
  });

  test('is Unknown where the operator may not look, which is a condition and not an empty list', () => {
    const known = adopted(workload('clock'), { phase: 'Running', ready: 1, endpoints: ['http://10.0.0.7:80'] });
    const status = said(look({ server: known, unreadable: ['services', 'deployments'] }));

    expect(status).toMatchObject({ phase: 'Running', ready: 1, endpoints: ['http://10.0.0.7:80'] });
    expect(conditionOf(status?.conditions, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'Forbidden',
      message: 'The operator may not list and watch services and deployments: grant its ServiceAccount that right',
    });
    expect(word(asked({ state: 'Forbidden', why: 'no slices' }))).toContain('Ready=Unknown Forbidden: no slices');
  });

  test('names a workload that is missing, and an older McpServer that stands for it', () => {
    expect(word(look({ workload: undefined }))).toBe(
      'Pending, Ready=False WorkloadNotFound: There is no Deployment clock in namespace team',
    );
    expect(word(look({ server: server('b', { workloadRef: { name: 'clock' } }), rival: server('a') }))).toBe(
      'Pending, Ready=False WorkloadTaken: McpServer a is older and stands for Deployment clock; delete one of the two',
    );
  });
});

const conflict = (seen: Seen) => conditionOf(said(seen)?.conditions, 'ScaleConflict');

describe('ScaleConflict', () => {
  let history = remembered(1, false, 0);
  for (let i = 0; i < 3; i++)
    history = foundForeign(wrote(history, 3, NOW.getTime()), 1, 'argocd-controller', NOW.getTime());
  const contested = look({ wishes: [wish('w', 3)], history });

  test('names the field manager and the ways out', () => {
    expect(conflict(contested)).toMatchObject({
      status: 'True',
      reason: 'ScaleConflict',
      message: expect.stringMatching(
        /^Field manager argocd-controller keeps undoing the 3 replicas of Deployment clock\. Omit replicas .* RespectIgnoreDifferences=true/,
      ),
    });
  });

  test('is taken back once, and not spoken of where there never was one', () => {
    const known = adopted(workload('clock'), said(contested));

    expect(conflict(look({ server: known }))).toMatchObject({ status: 'False', reason: 'Applied' });
    expect(conflict(look())).toBeUndefined();
  });

  test('says the same after a restart, before anybody has undone anything again', () => {
    const known = adopted(workload('clock'), said(contested));
    const restarted = look({ server: known, wishes: [wish('w', 3)], history: remembered(3, true, NOW.getTime()) });

    expect(conflict(restarted)).toEqual(conflict(contested));
  });

  test('an autoscaler on the workload: the wish is recorded, not applied, and that is said', () => {
    const scaled = look({ wishes: [wish('w', 3)], autoscaler: 'by-load', workload: pods(2, 2) });

    expect(conflict(scaled)).toMatchObject({
      reason: 'AutoscalerPresent',
      message:
        'HorizontalPodAutoscaler by-load scales Deployment clock: the wish for 3 is recorded and not applied. Delete it, or point its scaleTargetRef at an McpServerScale',
    });
    expect(said(scaled)).toMatchObject({ phase: 'Running', desired: 2, effective: { replicas: 3 } });
  });
});

test('what the server said of itself is kept when it is out of reach', () => {
  expect(said(asked(answers))?.serverInfo).toEqual({ name: 'clock', tools: 2 });
  const known = adopted(workload('clock'), said(asked(answers)));

  expect(said(asked({ state: 'Silent', why: 'hm' }, { server: known }))?.serverInfo).toEqual({
    name: 'clock',
    tools: 2,
  });
});

test('a Service that is gone is no longer named', () => {
  const front = look({ service: service('front') });
  expect(said(front)).toMatchObject({ service: 'front', endpoints: ['http://10.0.0.7:80'] });

  const status = said(look({ server: adopted(workload('clock'), said(front)) }));
  expect(status).not.toHaveProperty('service');
  expect(status?.endpoints).toEqual([]);
});

test('the baseline is what the workload had, unless it is stated; a workload that is gone changes nothing about it', () => {
  expect(
    said(look({ server: adopted(workload('clock')), workload: pods(4, 4), history: remembered(4, false, 0) })),
  ).toMatchObject({ baseline: 4 });
  const stated = server('clock', { replicas: { baseline: 2 } });
  expect(said(look({ server: stated, workload: pods(4, 4) }))).toMatchObject({ baseline: 2, desired: 2 });
  expect(said(look({ workload: undefined }))).toMatchObject({ baseline: 1, replicas: 0, ready: 0 });
});

test('what the operator may not do is said as Stalled, and taken back when it may', () => {
  const failed = said(look(), new Stalled('Forbidden', 'may not scale'));
  expect(conditionOf(failed?.conditions, 'Stalled')).toMatchObject({ status: 'True', message: 'may not scale' });

  const known = adopted(workload('clock'), failed);
  expect(conditionOf(said(look({ server: known }))?.conditions, 'Stalled')).toMatchObject({ status: 'False' });
});

test('a status does not change by being computed again', () => {
  const first = said(look({ service: service('front'), verdict: answers }));
  const again = look({ server: adopted(workload('clock'), first), service: service('front'), verdict: answers });

  expect(report(again, undefined, at('11:00:00'))).toEqual(first);
});

test('nothing is said of a server that is being deleted, or not there yet', () => {
  expect(said(look({ server: deleting(adopted(workload('clock'))) }))).toBeUndefined();
  expect(said({ ...look(), server: undefined })).toBeUndefined();
});

/** A server as it read when its Ready condition had this reason. */
function before(reason: 'Running' | 'NotMcp' | 'Stopped', is: boolean) {
  const status = said(asked(is ? answers : { state: 'Wrong', why: 'nginx' }));
  const conditions = (status?.conditions ?? []).map((each) => (each.type === 'Ready' ? { ...each, reason } : each));
  return adopted(workload('clock'), { ...status, conditions });
}
