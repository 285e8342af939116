import { describe, expect, test } from 'vitest';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { aNode, aPool, at, aWorker, checkpoint, holding, said, seenOf } from '../testing/workers.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const now = at('10:00:30');
const admitted = aWorker({}, { vm: checkpoint, conditions: holding('Admitted') });
const messageOf = (seen: Seen, failure?: unknown, moment = now): string | undefined =>
  report(seen, failure, moment)?.conditions?.find(({ type }) => type === 'Ready')?.message;

describe('what a worker says on its way up', () => {
  test('S5: the record of its machine comes first, with its slot and its size', () => {
    const claimant = { state: 'Live', allocation: {} as never } as const;
    const status = report(
      seenOf({ worker: aWorker(), claimant, reserved: true, proposed: checkpoint }),
      undefined,
      now,
    );

    expect(status).toMatchObject({
      phase: 'Provisioning',
      vm: checkpoint,
      resources: { cpu: '4', memory: '8Gi', disk: '100Gi' },
    });
    expect(said(status)).toEqual(['Admitted=True/Admitted', 'Ready=False/Provisioning']);
  });

  test('B5: a machine that is on its way is said once, whatever its state', () => {
    const pending = report(seenOf({ worker: admitted, vm: { state: 'pending' } }), undefined, now);
    const launched = aWorker({}, pending);

    expect(pending?.phase).toBe('Joining');
    expect(said(pending)).toContain('Launched=True/VmCreated');
    expect(report(seenOf({ worker: launched, vm: { state: 'running' } }), undefined, now)).toEqual(pending);
    expect(report(seenOf({ worker: launched, node: aNode({ ready: false }) }), undefined, now)).toEqual(pending);
  });

  test('A1: a size is resolved once; an edit of the pool changes nothing of this worker', () => {
    const first = report(seenOf({ worker: admitted }), undefined, now);
    const pool = aPool({ sizes: [{ name: 'medium', cpu: '64', memory: '1Ti' }] });

    expect(report(seenOf({ worker: aWorker({}, first), pool }), undefined, now)?.resources?.cpu).toBe('4');
  });

  test('a checkpoint that came back with another id is written down', () => {
    const moved = { ...checkpoint, id: 'vm-2', operation: 'task-9' };

    expect(report(seenOf({ worker: admitted, checkpoint: moved }), undefined, now)?.vm).toEqual(moved);
  });

  test('what the provider refuses is said in its own words', () => {
    expect(messageOf(seenOf({ worker: admitted }), new Stalled('ProviderError', 'no such template'))).toBe(
      'no such template',
    );
    expect(messageOf(seenOf({ worker: admitted }), new Waiting(60_000, 'ProviderError', 'no room'))).toBe('no room');
    expect(messageOf(seenOf({ worker: admitted, trouble: new Stalled('ProviderNotBuilt', 'not here') }))).toBe(
      'not here',
    );
  });

  test('that it takes its time is no trouble', () => {
    expect(messageOf(seenOf({ worker: admitted }), new Waiting(1_000, 'Provisioning', 'not up yet'))).toBe(
      'The machine is being made',
    );
  });

  test('D2: a Node of its name on another machine is an IdentityConflict while it lasts', () => {
    const impostor = aNode({ systemUUID: 'somebody' });
    const conflicting = report(seenOf({ worker: admitted, impostor }), undefined, now);
    const after = report(seenOf({ worker: aWorker({}, conflicting) }), undefined, now);

    expect(said(conflicting)).toEqual([
      'Admitted=True/Admitted',
      'IdentityConflict=True/IdentityConflict',
      'Ready=False/IdentityConflict',
    ]);
    expect(said(after)).toContain('IdentityConflict=False/IdentityClear');
    expect(said(after)).toContain('Ready=False/Provisioning');
  });

  test('D2: a machine that the provider says is somebody else’s is an IdentityConflict', () => {
    const status = report(seenOf({ worker: admitted }), new Stalled('IdentityConflict', 'not ours'), now);

    expect(said(status)).toContain('IdentityConflict=True/IdentityConflict');
  });

  test('T3: a drain that was taken back gives no later one its deadline', () => {
    const drain = { startedAt: '2030-01-01T10:00:00Z', deadline: '2030-01-01T10:10:00Z' };

    expect(
      report(seenOf({ worker: aWorker({}, { ...admitted.status, drain }) }), undefined, now)?.drain,
    ).toBeUndefined();
  });

  test('B5: a worker whose turn has not come has nothing to write', () => {
    const turn = new Waiting(10_000, 'Turn', 'five at a time');

    expect(
      report(seenOf({ worker: aWorker({}, { conditions: holding('Admitted') }), trouble: turn }), undefined, now),
    ).toBe(undefined);
  });

  test('C3: a Node that joined without its taint is said', () => {
    const node = aNode({ spec: { taints: [] } });

    expect(messageOf(seenOf({ worker: admitted, node }))).toContain('without the taint it was to be born with');
  });

  test('a worker that is not admitted leaves the word to the admission loop', () => {
    expect(report(seenOf(), undefined, now)).toBeUndefined();
  });
});

describe('an attempt that takes too long', () => {
  const pool = aPool({ provisioning: { timeout: '5m', attempts: 2 } });
  const overdue = at('10:05:00');
  const proposed = { ...checkpoint, attempt: 2, createdAt: '2030-01-01T10:05:00Z' };
  const launched = aWorker({}, { phase: 'Joining', vm: checkpoint, conditions: holding('Admitted', 'Launched') });

  test('says so while something of it is left, and starts nothing', () => {
    const status = report(seenOf({ worker: launched, pool, vm: { state: 'running' } }), undefined, overdue);

    expect(status?.vm).toMatchObject(checkpoint);
    expect(said(status)).toContain('Ready=False/ProvisioningFailed');
  });

  test('A12: is followed by the next one, with a record and a time of its own', () => {
    const status = report(seenOf({ worker: launched, pool, vm: { state: 'absent' }, proposed }), undefined, overdue);

    expect(status?.phase).toBe('Provisioning');
    expect(status?.vm).toEqual(proposed);
    expect(said(status)).toContain('Launched=False/VmRemoved');
  });

  test('A10: the last one ends Failed, and only once its machine is confirmed gone', () => {
    const last = aWorker({}, { ...launched.status, vm: { ...checkpoint, attempt: 2 } });
    const cleared = report(seenOf({ worker: last, pool, vm: { state: 'absent' } }), undefined, overdue);

    expect(report(seenOf({ worker: last, pool, vm: { state: 'running' } }), undefined, overdue)?.phase).not.toBe(
      'Failed',
    );
    expect(report(seenOf({ worker: last, pool, vm: { state: 'unknown' } }), undefined, overdue)?.phase).not.toBe(
      'Failed',
    );
    expect(cleared?.phase).toBe('Failed');
    expect(said(cleared)).toContain('VmGone=True/VmRemoved');
    expect(messageOf(seenOf({ worker: last, pool, vm: { state: 'absent' } }), undefined, overdue)).toBe(
      'No Ready Node within 5m (spec.provisioning.timeout of WorkerPool burst), attempt 2 of 2',
    );
  });

  test('A10: a failed worker without that confirmation gets it when it comes', () => {
    const failed = aWorker({}, { phase: 'Failed', vm: checkpoint, conditions: holding('Admitted') });

    expect(report(seenOf({ worker: failed, pool, vm: { state: 'running' } }), undefined, overdue)).toBeUndefined();
    expect(said(report(seenOf({ worker: failed, pool, vm: { state: 'absent' } }), undefined, overdue))).toContain(
      'VmGone=True/VmRemoved',
    );
  });
});
