import type { Allocation, BurstWorker } from '@cortex/crds';
import { expect, test } from 'vitest';
import { report } from '../allocation/status.ts';
import { waiting } from '../allocation/verdicts.ts';
import type { Snapshot } from '../plugin/cluster.ts';
import { officeOver } from '../plugin/queue.ts';
import { status as glance } from '../plugin/status.ts';
import { type Complaint, drain, explained, leaving, NOW, told } from '../testing/complaints.ts';
import { look } from '../testing/looks.ts';
import { holding, seen as clusterOf, shown, small } from '../testing/snapshot.ts';
import { aNode, cordoned } from '../testing/workers.ts';
import { allocation, pool, reserving, running, says, worker } from '../testing/world.ts';

/** An Active job of two workers, of which the first is as given. */
function losing(first: BurstWorker): { job: Allocation; workers: BurstWorker[] } {
  const { held, workers } = holding('job', 2, 'Normal');
  const claimed = [
    { ...first, metadata: { ...first.metadata, name: 'job-0' }, spec: workers[0]?.spec ?? first.spec },
    ...workers.slice(1),
  ];
  const rows = (held.status?.workers ?? []).map((row) => ({ ...row, phase: 'Ready' as const }));
  const active = { ...held, status: { ...held.status, workers: rows } };
  return { job: { ...active, status: report(look(active, { claimed }), undefined, NOW) ?? {} }, workers: claimed };
}

/** Jobs that wait, each with what the loop tells it. */
function decided(seen: Partial<Snapshot>): Snapshot {
  const cluster = clusterOf(seen);
  const { verdicts } = officeOver(cluster);
  const allocations = cluster.allocations.map((each) => {
    const verdict = verdicts.find(
      ({ kind, candidate }) => kind === 'Wait' && candidate.metadata.uid === each.metadata.uid,
    );
    return verdict?.kind === 'Wait' ? { ...each, status: waiting(each, verdict, NOW) } : each;
  });
  return { ...cluster, allocations };
}

const namedIn = (cluster: Snapshot, name: string): string => {
  const subject = cluster.allocations.find(({ metadata }) => metadata.name === name);
  return subject === undefined ? '' : explained(subject, cluster);
};

/** What people complain of whose jobs wait or end, and the object that the answer names. */
const COMPLAINTS: readonly Complaint[] = [
  {
    title: '11: everything expires together, and nothing takes it back',
    answer: () => {
      const { held, workers } = holding('job', 2, 'Normal');
      const active = {
        ...held,
        status: { ...held.status, expiresAt: '2030-01-01T10:28:00Z', hardStopAt: '2030-01-01T10:38:00Z' },
      };
      const due = { ...active, spec: { ...active.spec, ttl: '28m' } };
      const over = report(look(due, { claimed: workers }), undefined, NOW) ?? {};
      return explained({ ...due, status: over }, { workers });
    },
    names: [
      'Allocation team/job has been Releasing',
      'raising spec.ttl takes the end back until its machine is being removed',
      'forced in 8m',
    ],
  },
  {
    title: '12: expired Nodes that cannot leave are replaced again and again',
    answer: () => {
      const { job, workers } = losing(
        told({ worker: leaving(), node: cordoned(aNode()), cordoned: true, drain: drain({}) }),
      );
      return explained(job, { workers });
    },
    names: [
      'Allocation team/job has been Active',
      'job-0 (being deleted). They are replaced within the reservation; the ttl runs on',
      'BurstWorker job-0',
    ],
  },
  {
    title: '14: preemption goes on and on, and large requests starve',
    answer: () => {
      const { held, workers } = holding('low', 3, 'Low');
      const head = allocation('head', { count: 4, at: '10:10:00' });
      const later = allocation('later', { count: 1, at: '10:20:00' });
      const cluster = decided({
        pools: [pool('burst', { limits: { workers: 4 } })],
        allocations: [held, head, later],
        workers,
      });
      return `${namedIn(cluster, 'head')} ${namedIn(cluster, 'later')}`;
    },
    names: [
      'it is 1st in line for WorkerPool burst, waiting for 3 workers held by Allocation team/low until 2030-01-01T11:00:00Z',
      'Requested 1, available 1, but Allocation team/head is served first',
    ],
  },
  {
    title: '15: the controller died, or is deaf, and nothing says so',
    answer: () => {
      const lease = {
        spec: { holderIdentity: 'cortex-operator-0', renewTime: '2030-01-01T10:28:00Z' },
      } as unknown as NonNullable<Snapshot['lease']>;
      const job = allocation('job');
      return `${shown(glance(clusterOf({ pools: [small], allocations: [job], lease })))[2]} ${explained(job)}`;
    },
    names: [
      /^no +cortex-operator-0 +2m ago/,
      'the operator has not said anything of it yet; see with "kubectl cortex status" whether one runs',
    ],
  },
];

test.for(COMPLAINTS)('C9: complaint $title', ({ answer, names }) => {
  const said = answer();
  for (const name of names) expect(said).toMatch(name);
});

test('C9: a job whose worker failed says which, and that it must be created anew', () => {
  const job = reserving(allocation('job', { count: 1 }), ['job-0']);
  const broken = says(
    running(worker('job-0', { claimedBy: job }), { phase: 'Failed' }),
    'Ready',
    false,
    'ProvisioningFailed',
    'No Ready Node within 15m',
  );
  const failed = { ...job, status: report(look(job, { claimed: [broken] }), undefined, NOW) ?? {} };

  expect(explained(failed, { workers: [broken] })).toMatch(
    /BurstWorker job-0: No Ready Node within 15m.*then create it anew/,
  );
});
