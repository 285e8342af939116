import type { Reason } from '@cortex/crds';
import { type Claim, conditionOf } from '../conditions.ts';
import { sayBecause } from './effective.ts';
import { hasStarted } from './phase.ts';
import type { Aim, SeenServer } from './seen.ts';
import type { Verdict } from './verdict.ts';
import { type Counts, countsOf } from './workload.ts';

/** Whether the server can be used; wanted to have no replicas, it is healthy without any (servers.md 4). */
export function readyClaim(seen: SeenServer, aim: Aim | undefined, desired: number): Claim {
  const { server, workload, rival, unreadable } = seen;
  const { kind, name } = server.spec.workloadRef;
  if (unreadable.length > 0) return ready('Unknown', 'Forbidden', mayNotRead(unreadable));
  if (workload === undefined || aim === undefined)
    return ready(
      false,
      'WorkloadNotFound',
      `There is no ${kind} ${name} in namespace ${server.metadata.namespace ?? ''}`,
    );
  if (rival !== undefined)
    return ready(
      false,
      'WorkloadTaken',
      `McpServer ${rival.metadata.name} is older and stands for ${kind} ${name}; delete one of the two`,
    );
  const counts = countsOf(workload);
  if (desired === 0) return stopping(counts, aim);
  if (counts.ready === 0) return starting(seen, counts, desired);
  return answering(seen, counts, desired);
}

const ready = (status: Claim['status'], reason: Reason, message: string): Claim => ({
  type: 'Ready',
  status,
  reason,
  message,
});

const mayNotRead = (kinds: readonly string[]): string =>
  `The operator may not list and watch ${kinds.join(' and ')}: grant its ServiceAccount that right`;

const stopping = ({ replicas }: Counts, { effective }: Aim): Claim =>
  replicas === 0
    ? ready(true, 'Stopped', `No replica is wanted, and none is there: ${sayBecause(effective.because)}`)
    : ready(false, 'Scaling', `No replica is wanted, and ${replicas} are still there`);

const starting = (seen: SeenServer, counts: Counts, desired: number): Claim =>
  hasStarted(seen, counts)
    ? ready(false, 'Scaling', `0 of ${desired} replicas are ready`)
    : ready(false, 'Pending', `${desired} wanted, and no pod of ${seen.server.spec.workloadRef.name} is on a Node yet`);

function answering(seen: SeenServer, counts: Counts, desired: number): Claim {
  const { verdict } = seen;
  if (verdict === undefined) return asking(seen);
  return verdict === 'Unasked' ? serving(counts, desired) : judged(seen, verdict, counts, desired);
}

const serving = ({ ready: count }: Counts, desired: number): Claim =>
  ready(true, count === desired ? 'Running' : 'Scaling', `${count} of ${desired} replicas are ready`);

/** Until it answers, what was said of it holds: a restart of the operator is no reason to doubt it. */
function asking({ server }: SeenServer): Claim {
  const before = conditionOf(server.status?.conditions, 'Ready');
  const was = before?.status === 'True' && before.reason !== 'Stopped' ? true : undefined;
  const wasNot = before?.status === 'False' && JUDGED.has(before.reason) ? false : undefined;
  const status = was ?? wasNot;
  return before === undefined || status === undefined
    ? ready(false, 'Scaling', 'Its pods are ready, and it is being asked for a handshake')
    : ready(status, before.reason, before.message);
}

const JUDGED: ReadonlySet<Reason> = new Set(['HandshakeFailed', 'NotMcp', 'NoEndpoints']);

function judged({ server }: SeenServer, verdict: Verdict, counts: Counts, desired: number): Claim {
  switch (verdict.state) {
    case 'Answers':
      return serving(counts, desired);
    case 'Wrong':
      return ready(false, 'NotMcp', verdict.why);
    case 'Silent':
      return ready(false, 'HandshakeFailed', verdict.why);
    case 'NoEndpoints':
      return ready(false, 'NoEndpoints', verdict.why);
    case 'Forbidden':
      return ready('Unknown', 'Forbidden', verdict.why);
    case 'Unreachable':
      return server.status?.serverInfo === undefined
        ? ready(
            true,
            'HandshakeUnknown',
            `No handshake reached it, so it counts as ready with its pods: ${verdict.why}`,
          )
        : ready(false, 'HandshakeFailed', `It answered before, and is out of reach now: ${verdict.why}`);
  }
}
