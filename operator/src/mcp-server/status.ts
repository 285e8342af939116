import type { McpServerStatus } from '@cortex/crds';
import { type Claim, conditionOf, withConditions } from '../conditions.ts';
import { Stalled } from '../runtime/outcome.ts';
import { isAdopted } from './adoption.ts';
import { contested } from './contested.ts';
import { desiredOf, phaseOf } from './phase.ts';
import { readyClaim } from './ready.ts';
import { type Aim, aimOf, isDeleting, isServer, type Seen, type SeenServer } from './seen.ts';
import { endpointsOf } from './service.ts';
import { countsOf } from './workload.ts';

/** What a server says of itself, computed whole from what was seen; undefined while there is none. */
export function report(seen: Seen, failure: unknown, now: Date): McpServerStatus | undefined {
  if (!isServer(seen) || isDeleting(seen.server)) return undefined;
  const { service: _, ...before } = seen.server.status ?? {};
  const aim = seen.unreadable.length > 0 ? undefined : aimOf(seen, now);
  const desired = aim === undefined ? 0 : desiredOf(seen, aim);
  const ready = readyClaim(seen, aim, desired);
  const conditions = withConditions(
    before.conditions,
    [ready, ...claims(seen, aim), ...stalled(seen, failure)],
    seen.server.metadata.generation,
    now,
  );
  if (seen.unreadable.length > 0) return { ...seen.server.status, conditions };
  return { ...before, phase: phaseOf(seen, desired, ready), ...numbers(seen, aim), ...reached(seen), conditions };
}

function numbers(seen: SeenServer, aim: Aim | undefined): McpServerStatus {
  const { workload, service } = seen;
  const endpoints = service === undefined ? [] : endpointsOf(service, workload);
  const where = service === undefined ? { endpoints } : { endpoints, service: service.metadata.name };
  if (workload === undefined || aim === undefined) return { ...where, replicas: 0, ready: 0, available: 0, updated: 0 };
  const { current: _, ...counts } = countsOf(workload);
  const { effective, baseline, idleness } = aim;
  return {
    ...where,
    ...counts,
    desired: desiredOf(seen, aim),
    effective: { replicas: effective.replicas, because: [...effective.because] },
    ...(baseline === undefined ? {} : { baseline }),
    ...(idleness.lastActivityTime === undefined ? {} : { lastActivityTime: idleness.lastActivityTime }),
  };
}

/** What it said of itself is kept: it is the proof that a handshake once reached it. */
const reached = ({ verdict }: SeenServer): McpServerStatus =>
  typeof verdict === 'object' && verdict.state === 'Answers' && verdict.serverInfo !== undefined
    ? { serverInfo: verdict.serverInfo }
    : {};

function claims(seen: SeenServer, aim: Aim | undefined): Claim[] {
  const { kind, name } = seen.server.spec.workloadRef;
  const adopted: Claim = {
    type: 'Adopted',
    status: true,
    reason: 'Adopted',
    message: `It was made for ${kind} ${name}`,
  };
  return [
    ...(isAdopted(seen.server) ? [adopted] : []),
    ...(aim === undefined ? [] : [aim.idleness.claim, ...contested(seen, aim)]),
  ];
}

function stalled({ server }: SeenServer, failure: unknown): Claim[] {
  if (failure instanceof Stalled)
    return [{ type: 'Stalled', status: true, reason: failure.reason as Claim['reason'], message: failure.message }];
  return conditionOf(server.status?.conditions, 'Stalled')?.status === 'True'
    ? [{ type: 'Stalled', status: false, reason: 'Applied', message: 'Nothing stands in its way any more' }]
    : [];
}
