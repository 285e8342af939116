import type { AllocationStatus, ConditionType } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { Stalled } from '../runtime/outcome.ts';
import { look, server } from '../testing/looks.ts';
import { allocation, at, deleting, pool, reserving, running, says, warm, worker } from '../testing/world.ts';
import { workerName } from './names.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const job = allocation('job', { count: 2, ttl: '1h' });
const name = (ordinal: number): string => workerName('burst', job.metadata.uid, ordinal);
const holding = reserving(job, [name(0), name(1)], { nextOrdinal: 2 });
const both = [0, 1].map((ordinal) => running(worker(name(ordinal), { claimedBy: job })));
const active = reserving(job, [name(0), name(1)], {
  phase: 'Active',
  nextOrdinal: 2,
  readyAt: '2030-01-01T10:00:00Z',
});

const told = (seen: Seen, time = '10:00:00', failure?: unknown): AllocationStatus | undefined =>
  report(seen, failure, at(time));

/** A condition as a line of `kubectl describe`. */
function line(status: AllocationStatus | undefined, type: ConditionType): string {
  const said = conditionOf(status?.conditions, type);
  return said === undefined ? 'unsaid' : `${said.status} ${said.reason}: ${said.message}`;
}

describe('the loop speaks for an Allocation in the queue, its creator for one that is going', () => {
  test.for([
    ['in the queue', job],
    ['deleted', deleting(holding)],
    ['finished', says(holding, 'Finished', true, 'TtlExpired')],
  ] as const)('%s', ([, one]) => {
    expect(told(look(one))).toBeUndefined();
  });
});

describe('Ready', () => {
  test('is said when every worker serves, with the times that follow from it', () => {
    const status = told(look(holding, { claimed: both }), '10:05:00');

    expect(status).toMatchObject({
      phase: 'Active',
      workersReady: '2/2',
      readyAt: '2030-01-01T10:05:00Z',
      expiresAt: '2030-01-01T11:05:00Z',
      hardStopAt: '2030-01-01T11:15:00Z',
    });
    expect(line(status, 'Ready')).toBe('True Ready: Everything asked for is ready');
  });

  test('is said of an Allocation that asks for nothing', () => {
    expect(line(told(look(allocation('idle', { count: 0 }))), 'Ready')).toMatch(/^True/);
  });

  test('waits until the Node of the last worker says whose it is', () => {
    const status = told(look(holding, { claimed: both, marked: new Set([name(0)]) }));

    expect(line(status, 'Ready')).toBe(`False Provisioning: On their way: ${name(1)} (its Node is being marked)`);
  });

  test('waits until the pool has published the reservation', () => {
    expect(line(told(look(holding, { claimed: both, countedByPool: false })), 'Ready')).toBe(
      'False Provisioning: The pool is about to publish this reservation',
    );
  });

  test('A3: waits for servers as for workers', () => {
    const servers = [server('github', { phase: 'Stopped' }), server('filesystem')];
    const status = told(look(holding, { claimed: both, servers }));

    expect(status).toMatchObject({ phase: 'Pending', serversReady: '1/2', workersReady: '2/2' });
    expect(line(status, 'Ready')).toBe('False ServersNotReady: Not running yet: github');
  });

  test('A3: names a server that does not exist', () => {
    const servers = [server('githup', { phase: 'missing' })];

    expect(line(told(look(holding, { claimed: both, servers })), 'Ready')).toBe(
      'False ServerNotFound: No McpServer githup in namespace team',
    );
  });

  test('says which worker the provider refuses, in the words of the provider', () => {
    const refused = says(both[0] ?? worker('x'), 'Ready', false, 'ProviderError', 'no storage named local-zfs');

    expect(line(told(look(holding, { claimed: [refused] })), 'Ready')).toBe(
      `False ProviderError: BurstWorker ${name(0)}: no storage named local-zfs`,
    );
  });

  test('C1: names the object that bears a name it needs', () => {
    const conflict = new Stalled('NameConflict', `BurstWorker ${name(1)} exists; delete it`);
    const status = told(look(holding, { claimed: both.slice(0, 1) }), '10:00:00', conflict);

    expect(line(status, 'Stalled')).toBe(`True NameConflict: BurstWorker ${name(1)} exists; delete it`);
    expect(line(status, 'Ready')).toBe(`False NameConflict: BurstWorker ${name(1)} exists; delete it`);
  });

  test.for([
    ['a person made for themselves', worker(name(1))],
    ['another Allocation claims', worker(name(1), { claimedBy: allocation('other') })],
  ] as const)('C1: names a worker of a name it needs that %s, and says what to do', ([, stranger]) => {
    const status = told(look(holding, { claimed: both.slice(0, 1), named: [stranger] }));
    const conflict = `NameConflict: BurstWorker ${name(1)} exists and is not this Allocation's; delete it to let the Allocation go on`;

    expect(line(status, 'Stalled')).toBe(`True ${conflict}`);
    expect(line(status, 'Ready')).toBe(`False ${conflict}`);
    expect(status?.workersReady).toBe('1/2');
  });

  test('C1: a chosen worker that is being deleted is waited for: nobody has to do anything', () => {
    const chose = reserving(job, ['burst-warm', name(0)], { nextOrdinal: 1 });
    const status = told(look(chose, { claimed: both.slice(0, 1), named: [deleting(warm('burst-warm'))] }));

    expect(line(status, 'Stalled')).toBe('unsaid');
    expect(line(status, 'Ready')).toMatch(/burst-warm \(being deleted\)/);
  });

  test('C1: what stalled it is not said any longer than it does', () => {
    const stalled = says(holding, 'Stalled', true, 'NameConflict');

    expect(line(told(look(stalled, { claimed: both })), 'Stalled')).toBe('unsaid');
  });
});

describe('C1: an Active Allocation that loses a worker', () => {
  const status = told(look(active, { claimed: both.slice(1) }), '10:30:00');

  test('stays Active, names the worker, and its ttl runs on', () => {
    expect(status).toMatchObject({ phase: 'Active', workersReady: '1/2', expiresAt: '2030-01-01T11:00:00Z' });
    expect(line(status, 'Ready')).toBe(
      `False WorkerLost: Not serving: ${name(0)} (being made). They are replaced within the reservation; the ttl runs on`,
    );
  });

  test('A4: keeps its reservation', () => {
    expect(status?.reserved).toEqual(active.status?.reserved);
    expect(line(status, 'QuotaReserved')).toMatch(/^True/);
  });
});

test('before Ready a worker that is going is said too, so that its name is not used again', () => {
  const claimed = [deleting(both[0] ?? worker('x')), ...both.slice(1)];

  expect(line(told(look(holding, { claimed })), 'Ready')).toMatch(
    new RegExp(`^False WorkerLost: Not serving: ${name(0)} \\(being deleted\\)`),
  );
});

test('C1: claims are the reservation, and the first status says so with what they hold', () => {
  const claimed = ['w-2', 'w-1'].map((one) => warm(one, { claimedBy: job }));
  const status = told(look(job, { claimed }));

  expect(status?.reserved).toEqual({ pool: 'burst', size: 'small', workers: 2, cpu: '4', memory: '8Gi' });
  expect(status?.workers?.map((row) => row.name)).toEqual(['w-1', 'w-2']);
  expect(line(status, 'QuotaReserved')).toBe('True Reserved: Free workers cover the request');
});

describe('C3: placement', () => {
  test('is what a pod template needs', () => {
    expect(told(look(holding, { claimed: both }))?.placement).toEqual({
      nodeSelector: { 'cortex.automation/job': 'team.job' },
      tolerations: [{ key: 'cortex.automation/job', operator: 'Equal', value: 'team.job', effect: 'NoSchedule' }],
    });
  });

  test('needs no toleration where Nodes are shared', () => {
    const shared = pool('burst', { isolation: 'Shared' });

    expect(told(look(holding, { claimed: both, pool: shared }))?.placement?.tolerations).toEqual([]);
  });

  test('is stable across a hand-over: it knows the job, not the Allocation', () => {
    const next = reserving(allocation('job-2', { count: 2, jobId: 'job' }), []);

    expect(told(look(next))?.placement).toEqual(told(look(holding))?.placement);
  });
});

describe('the end by time', () => {
  const seen = look(active, { claimed: both });

  test('is warned of a tenth of the ttl ahead, at most five minutes', () => {
    expect(line(told(seen, '10:54:59'), 'Expiring')).toBe('unsaid');
    expect(line(told(seen, '10:55:00'), 'Expiring')).toBe(
      'True TtlExpired: Its workers drain at 2030-01-01T11:00:00Z; raise spec.ttl to keep them',
    );
  });

  describe('says what will come of the drain', () => {
    const gone = { pods: 7, eta: at('11:00:40'), blockers: [] };
    const shop = {
      kind: 'PodDisruptionBudget',
      namespace: 'web',
      name: 'shop',
      reason: 'it allows no disruption now',
      since: '2030-01-01T11:00:00Z',
    };

    test('when it should be over', () => {
      expect(line(told({ ...seen, forecast: gone }, '10:55:00'), 'Expiring')).toMatch(
        /to keep them\. Their 7 pods should be gone by 2030-01-01T11:00:40Z$/,
      );
    });

    test('what is in the way, and what becomes of that', () => {
      const blocked = { pods: 7, eta: at('11:10:00'), blockers: [shop] };
      const patient = pool('burst', { drain: { onDeadline: 'Hold' } });

      expect(line(told({ ...seen, forecast: blocked }, '10:55:00'), 'Expiring')).toMatch(
        /In the way then: PodDisruptionBudget web\/shop \(it allows no disruption now\); forced at 2030-01-01T11:10:00Z$/,
      );
      expect(line(told({ ...seen, pool: patient, forecast: blocked }, '10:55:00'), 'Expiring')).toMatch(
        /; the drain holds until that is changed$/,
      );
    });

    test('once: an estimate that moves is no news, another blocker is', () => {
      const first = { ...active, status: told({ ...seen, forecast: gone }, '10:55:00') ?? {} };
      const later = { pods: 9, eta: at('11:01:00'), blockers: [] };

      expect(told(look(first, { claimed: both, forecast: later }), '10:56:00')).toEqual(first.status);
      expect(
        line(told(look(first, { claimed: both, forecast: { ...later, blockers: [shop] } }), '10:56:00'), 'Expiring'),
      ).toMatch(/web\/shop/);
    });
  });

  test('does not advise what cannot help', () => {
    const chained = { ...active, status: { ...active.status, chainStartedAt: '2029-12-31T11:00:00Z' } };

    expect(line(told(look(chained, { claimed: both }), '10:58:00'), 'Expiring')).toMatch(
      /^True MaxLifetimeReached: .*create another Allocation$/,
    );
  });

  test('T4: moves with spec.ttl, and the warning is taken back', () => {
    const extended = says({ ...active, spec: { ...active.spec, ttl: '2h' } }, 'Expiring', true, 'TtlExpired');
    const status = told(look(extended, { claimed: both }), '10:58:00');

    expect(status?.expiresAt).toBe('2030-01-01T12:00:00Z');
    expect(line(status, 'Expiring')).toBe('False Extended: Extended until 2030-01-01T12:00:00Z');
    expect(line(status, 'Ready')).toMatch(/^True/);
  });

  test('T3: is Releasing and not Finished while a worker is there', () => {
    const status = told(seen, '11:00:00');

    expect(status?.phase).toBe('Releasing');
    expect(line(status, 'Ready')).toMatch(/^False TtlExpired/);
    expect(line(status, 'Finished')).toBe('unsaid');
  });

  test('a drain in progress costs no writes: the rows stay as they were', () => {
    const releasing = { ...active, status: told(seen, '11:00:00') ?? {} };

    expect(told(look(releasing, { claimed: both.slice(1) }), '11:03:00')).toEqual(releasing.status);
  });

  test('T3: raising ttl takes it back for as long as it is not Finished', () => {
    const releasing = { ...active, status: told(seen, '11:00:00') ?? {}, spec: { ...active.spec, ttl: '3h' } };
    const status = told(look(releasing, { claimed: both }), '11:02:00');

    expect(status).toMatchObject({ phase: 'Active', expiresAt: '2030-01-01T13:00:00Z' });
    expect(line(status, 'Ready')).toMatch(/^True/);
  });

  test('T1: is Finished once nothing is left', () => {
    const status = told(look(active), '11:04:00');

    expect(status).toMatchObject({ phase: 'Released', finishedAt: '2030-01-01T11:04:00Z', workers: [] });
    expect(line(status, 'Finished')).toBe('True TtlExpired: Its time is over and everything it held is returned');
  });

  test('T1: one that was never Ready within maxLifetime has failed', () => {
    expect(told(look(holding), '23:59:59')?.phase).toBe('Pending');
    expect(report(look(holding), undefined, new Date('2030-01-02T10:00:00Z'))).toMatchObject({ phase: 'Failed' });
  });
});

describe('C8: provisioning that fails', () => {
  const broken = says(
    running(worker(name(0), { claimedBy: job }), { phase: 'Failed' }),
    'Ready',
    false,
    'ProvisioningFailed',
    'No Ready Node within 15m',
  );
  const failing = told(look(holding, { claimed: [broken, ...both.slice(1)] }));

  test('gives everything back first, its reservation at once', () => {
    expect(failing?.phase).toBe('Releasing');
    expect(line(failing, 'QuotaReserved')).toBe(
      `False ProvisioningFailed: BurstWorker ${name(0)}: No Ready Node within 15m`,
    );
    expect(line(failing, 'Finished')).toBe('unsaid');
  });

  test('is Failed when the last worker is gone, with the same words', () => {
    const last = { ...holding, status: failing ?? {} };

    expect(told(look(last, { claimed: both.slice(1) }))).toEqual(failing);
    expect(told(look(last))).toMatchObject({ phase: 'Failed', workers: [] });
    expect(line(told(look(last)), 'Finished')).toBe(
      `True ProvisioningFailed: BurstWorker ${name(0)}: No Ready Node within 15m`,
    );
  });

  test('is not taken back by a longer ttl', () => {
    const last = { ...holding, status: failing ?? {}, spec: { ...holding.spec, ttl: '20h' } };

    expect(told(look(last))?.phase).toBe('Failed');
  });

  test('of a worker of a job that runs is a lost worker, not a failed job', () => {
    expect(told(look(active, { claimed: [broken, ...both.slice(1)] }))?.phase).toBe('Active');
  });
});

test('budget: a status is the same however often it is computed, so that an object at rest is written no more', () => {
  const ready = { ...holding, status: told(look(holding, { claimed: both })) ?? {} };

  expect(told(look(ready, { claimed: both.toReversed() }), '10:30:00')).toEqual(ready.status);
});
