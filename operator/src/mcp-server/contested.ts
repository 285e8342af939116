import { type Claim, conditionOf } from '../conditions.ts';
import { UNKNOWN } from './conflict.ts';
import type { Aim, SeenServer } from './seen.ts';

/** Said while there is a conflict, and taken back once; a server that never had one does not speak of it. */
export function contested({ server, workload, autoscaler }: SeenServer, { conflict, effective }: Aim): Claim[] {
  const { kind, name } = server.spec.workloadRef;
  const before = conditionOf(server.status?.conditions, 'ScaleConflict');
  if (autoscaler !== undefined)
    return claim(
      true,
      'AutoscalerPresent',
      `HorizontalPodAutoscaler ${autoscaler} scales ${kind} ${name}: the wish for ${effective.replicas} is recorded and not applied. Delete it, or point its scaleTargetRef at an McpServerScale`,
    );
  if (conflict !== undefined && workload !== undefined)
    return conflict.against === undefined && before !== undefined
      ? claim(true, before.reason, before.message)
      : claim(
          true,
          'ScaleConflict',
          conflictSentence(conflict.against ?? UNKNOWN, `${kind} ${name}`, effective.replicas),
        );
  return before?.status === 'True' ? claim(false, 'Applied', `${kind} ${name} keeps the replicas it is set to`) : [];
}

const claim = (status: boolean, reason: Claim['reason'], message: string): Claim[] => [
  { type: 'ScaleConflict', status, reason, message },
];

const conflictSentence = (who: string, workload: string, wanted: number): string =>
  `${who === UNKNOWN ? 'An unknown field manager' : `Field manager ${who}`} keeps undoing the ${wanted} replicas of ${workload}. Omit replicas from its manifest in Git, or let ArgoCD ignore them: ` +
  'ignoreDifferences on /spec/replicas with the sync option RespectIgnoreDifferences=true. Until then it is tried ever more rarely';
