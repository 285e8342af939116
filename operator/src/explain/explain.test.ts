import type { Allocation, BurstWorker, McpServer, NodeDrain, Reason } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { allocation, at, deleting, pool, reserving, running, says, worker } from '../testing/world.ts';
import { explain, sentence } from './explain.ts';
import type { Subject, World } from './world.ts';

const NOTHING: World = { allocations: [], workers: [], pools: [], drains: [], servers: [], wishes: [] };

const told = (subject: Subject, world: Partial<World> = {}, now = '10:03:00'): string =>
  sentence(explain(subject, { ...NOTHING, ...world }), at(now));

const waits = (reason: Reason, message: string, asked: Allocation = allocation('job')): Allocation => {
  const said = says(asked, 'Ready', false, reason, message);
  return { ...said, status: { ...said.status, phase: 'Pending' } };
};

const burst = pool('burst');

describe('an Allocation', () => {
  test('that nobody has looked at points at the operator', () => {
    expect(told(allocation('job'))).toBe(
      'Allocation team/job has been unseen: the operator has not said anything of it yet; see with "kubectl cortex status" whether one runs; it fails with QueueTimeout in 57m, at 2030-01-01T11:00:00Z.',
    );
  });

  test('that waits for workers says the numbers, who can change them, and when it gives up', () => {
    expect(told(waits('InsufficientWorkers', 'Insufficient workers: requested 12, available 8'))).toBe(
      'Allocation team/job has been Pending for 3m: Insufficient workers: requested 12, available 8; somebody must release workers of the pool, or its owner raise spec.limits; it fails with QueueTimeout in 57m, at 2030-01-01T11:00:00Z.',
    );
  });

  test('whose workers are on their way names the first that is not there, and what keeps it', () => {
    const job = waits('Provisioning', 'The workers are on their way', reserving(allocation('job'), ['w-0', 'w-1']));
    const first = says(
      worker('w-0', { claimedBy: job }),
      'Ready',
      false,
      'Provisioning',
      'The machine exists; its Node is to join',
    );
    const second = worker('w-1', { claimedBy: job });

    expect(told(job, { workers: [first, second] })).toBe(
      'Allocation team/job has been Pending for 3m: The workers are on their way; it waits for BurstWorker w-0 for 3m (The machine exists; its Node is to join) and 1 more; the provider makes the machine by itself.',
    );
  });

  test('that names a server which is not there says which', () => {
    const job = waits(
      'ServerNotFound',
      'No McpServer git in namespace team',
      allocation('job', { mcpServers: ['git'] }),
    );

    expect(told(job)).toContain(
      'it waits for McpServer team/git (there is none); create that McpServer, or label its workload so that it is adopted;',
    );
  });

  test('that waits for a server says what keeps the server', () => {
    const job = waits('ServersNotReady', '0/1 servers run', allocation('job', { mcpServers: ['git'] }));
    const ready = {
      type: 'Ready',
      status: 'False',
      reason: 'Scaling',
      message: '0 of 1 replicas are ready',
      lastTransitionTime: '2030-01-01T10:02:30Z',
    };
    const git = {
      kind: 'McpServer',
      metadata: { namespace: 'team', name: 'git' },
      spec: {},
      status: { phase: 'Scaling', conditions: [ready] },
    } as unknown as McpServer;

    expect(told(job, { servers: [git] })).toContain(
      'it waits for McpServer team/git for 30s (0 of 1 replicas are ready); those servers must come up',
    );
  });

  test('that is Ready says how long it has left, and asks nobody for anything', () => {
    const ready = says(allocation('job'), 'Ready', true, 'Ready', 'Everything asked for is ready');
    const active: Allocation = {
      ...ready,
      status: { ...ready.status, phase: 'Active', readyAt: '2030-01-01T10:00:00Z', expiresAt: '2030-01-01T11:30:00Z' },
    };

    expect(told(active)).toBe(
      'Allocation team/job has been Active for 3m: Everything asked for is ready; it expires in 1h27m, at 2030-01-01T11:30:00Z.',
    );
  });

  test('that has ended is kept until its owner deletes it, unless it says how long', () => {
    const ended = says(
      allocation('job', { ttlAfterFinished: '10m' }),
      'Finished',
      true,
      'TtlExpired',
      'Its time is over',
    );
    const finished: Allocation = {
      ...ended,
      status: { ...ended.status, phase: 'Released', finishedAt: '2030-01-01T10:00:00Z' },
    };

    expect(told(finished)).toBe(
      'Allocation team/job has been Released for 3m: Its time is over; it is deleted in 7m, at 2030-01-01T10:10:00Z.',
    );
    expect(told({ ...finished, spec: { ...finished.spec, ttlAfterFinished: '' } })).toBe(
      'Allocation team/job has been Released for 3m: Its time is over.',
    );
  });
});

/** A worker that was deleted at ten, and whose pod may not leave. */
const draining = (onDeadline: 'ForceDelete' | 'Hold'): string => {
  const worn = says(running(worker('w-0')), 'Ready', false, 'Draining', 'It was deleted; its Node is being drained');
  const blocker = {
    kind: 'Pod',
    namespace: 'web',
    name: 'shop-1',
    reason: 'PodDisruptionBudget shop allows no disruption',
    since: '2030-01-01T10:01:00Z',
  };
  const stuck = says(worn, 'Drained', false, 'PodsBlocked', 'Pod web/shop-1 may not leave');
  const leaving: BurstWorker = {
    ...deleting(stuck),
    status: {
      ...stuck.status,
      phase: 'Draining',
      drain: { startedAt: '2030-01-01T10:00:00Z', deadline: '2030-01-01T10:10:00Z', blockers: [blocker] },
    },
  };
  return told(leaving, { pools: [pool('burst', { drain: { onDeadline } })] });
};

describe('a BurstWorker', () => {
  test('whose pods may not leave names the pod, its protector and the deadline', () => {
    expect(draining('ForceDelete')).toBe(
      'BurstWorker w-0 has been Draining for 3m: It was deleted; its Node is being drained; it waits for Pod web/shop-1 for 2m (PodDisruptionBudget shop allows no disruption); whoever owns those pods can move them or loosen what protects them; what is left on it is forced in 7m, at 2030-01-01T10:10:00Z.',
    );
  });

  test('of a pool that never forces holds at its deadline, and says so', () => {
    expect(draining('Hold')).toContain('its time is over, and it holds in 7m');
  });

  test('whose machine is made says when the attempt is given up', () => {
    const made = says(worker('w-0'), 'Ready', false, 'Provisioning', 'The machine is being made');
    const raised: BurstWorker = {
      ...made,
      status: { ...made.status, phase: 'Provisioning', vm: { createdAt: '2030-01-01T10:00:00Z' } },
    };

    expect(told(raised, { pools: [burst] })).toContain(
      'the provider makes the machine by itself; the attempt is given up in 12m',
    );
  });

  test('whose identity is in doubt asks for a person, and promises nothing', () => {
    const odd = says(running(worker('w-0')), 'Ready', false, 'IdentityConflict', 'Node w-0 has another systemUUID');

    expect(told(odd)).toBe(
      'BurstWorker w-0 has been Ready for 3m: Node w-0 has another systemUUID; a person must look at the machine and the Node, and remove the one that does not belong.',
    );
  });
});

test('a WorkerPool without its provider says who can change that', () => {
  expect(told(says(burst, 'Ready', false, 'ProviderNotBuilt', 'This build has no provider Incus'))).toBe(
    "WorkerPool burst has been not Ready for 3m: This build has no provider Incus; the pool's owner must name a provider this build has.",
  );
});

test('a NodeDrain that waits for an older one says which of the two to delete', () => {
  const drain = {
    kind: 'NodeDrain',
    metadata: { name: 'second' },
    spec: { onDeadline: 'Hold' },
    status: {
      phase: 'Draining',
      conditions: [
        {
          type: 'Drained',
          status: 'False',
          reason: 'AlreadyDraining',
          message: 'NodeDrain first drains Node n',
          lastTransitionTime: '2030-01-01T10:00:00Z',
        },
      ],
    },
  } as unknown as NodeDrain;

  expect(told(drain)).toBe(
    'NodeDrain second has been Draining for 3m: NodeDrain first drains Node n; it waits for the older NodeDrain; delete one of the two.',
  );
});
