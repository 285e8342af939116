import type { McpServerStatus } from '@cortex/crds';
import type { Claim } from '../conditions.ts';
import { type Aim, type SeenServer } from './seen.ts';
import { type Counts, countsOf, replicasOf } from './workload.ts';

/** How many it shall have: where an autoscaler decides, what that decided. */
export const desiredOf = ({ autoscaler, workload }: SeenServer, { effective }: Aim): number =>
  autoscaler !== undefined && workload !== undefined ? replicasOf(workload) : effective.replicas;

/** Something is still on its way to what it shall have: pods, or the answer to a question. */
export function isUnsettled({ workload, verdict }: Pick<SeenServer, 'workload' | 'verdict'>, desired: number): boolean {
  if (workload === undefined) return false;
  const { current, replicas, ready, available, updated } = countsOf(workload);
  const there = [replicasOf(workload), replicas, ready, available, updated].every((count) => count === desired);
  return !there || !current || (verdict === undefined && desired > 0);
}

export function phaseOf(seen: SeenServer, desired: number, ready: Claim): NonNullable<McpServerStatus['phase']> {
  if (seen.workload === undefined || seen.rival !== undefined) return 'Pending';
  const counts = countsOf(seen.workload);
  if (desired === 0) return counts.replicas === 0 ? 'Stopped' : 'Scaling';
  if (counts.ready === desired && ready.status === true) return 'Running';
  return hasStarted(seen, counts) ? 'Scaling' : 'Pending';
}

/** A pod of it is on a Node. */
export const hasStarted = ({ pods }: Pick<SeenServer, 'pods'>, { ready, replicas }: Counts): boolean =>
  ready > 0 || (replicas > 0 && pods.some(({ spec }) => spec.nodeName !== undefined));
