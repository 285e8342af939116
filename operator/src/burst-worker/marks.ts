import { LABEL, VM_FINALIZER } from '@cortex/crds';
import { claimMark } from '../allocation/names.ts';
import { timestamp } from '../conditions.ts';
import type { Node, Taint } from '../kube/core.ts';
import { WORKER_TYPE } from './identity.ts';
import { endingOf } from './ending.ts';
import { isRegistered, type Seen } from './seen.ts';

/** Whose worker a Node is: a label, and where it is exclusive a taint. */
export const JOB = 'cortex.automation/job';
/** When a Node goes, for old clients. */
export const WORKER_TTL = 'worker-ttl';
const WORKER_UID = 'cortex.automation/worker-uid';

/** The claim's mark for a worker: empty while it is free (contract C3). */
function jobMark({ worker }: Pick<Seen, 'worker'>): string {
  const claim = worker.spec.claimRef;
  return claim === undefined ? '' : claimMark(claim.namespace, claim.jobId ?? claim.name);
}

/** The taint an exclusive worker's Node is born with, and keeps (contract C3). */
export const birthTaints = (seen: Pick<Seen, 'worker' | 'pool'>): Taint[] =>
  seen.pool?.spec.isolation === 'Shared' ? [] : [{ key: JOB, value: jobMark(seen), effect: 'NoSchedule' }];

/** Labels a worker's Node is born with. */
export const birthLabels = (seen: Pick<Seen, 'worker' | 'pool'>): Record<string, string> => ({
  ...seen.pool?.spec.template?.labels,
  'cortex.automation/pool': seen.worker.spec.pool,
  'cortex.automation/size': seen.worker.spec.size ?? seen.pool?.spec.defaultSize ?? '',
  [LABEL.worker]: seen.worker.metadata.name,
  [JOB]: jobMark(seen),
  [WORKER_TYPE]: 'burst',
});

/** Whether the Node says whose it is, for old clients and for the scheduler. Marks never give authority (api.md). */
export const isMarked = (node: Node, seen: Seen): boolean => bearsMark(node, seen) && bearsClaim(node, seen);

/** Whether the Node names this worker as its own. */
export const bearsMark = (node: Node, { worker }: Pick<Seen, 'worker'>): boolean =>
  node.metadata.annotations?.[WORKER_UID] === worker.metadata.uid;

/**
 * Whether the Node carries the label, and under isolation Exclusive the taint, of the worker's present claim.
 * The API server stores an empty value as none.
 */
export function bearsClaim(node: Node, seen: Pick<Seen, 'worker' | 'pool'>): boolean {
  return node.metadata.labels?.[JOB] === jobMark(seen) && bearsTaint(node, seen);
}

function bearsTaint(node: Node, seen: Pick<Seen, 'worker' | 'pool'>): boolean {
  const taint = node.spec.taints?.find(({ key }) => key === JOB);
  return birthTaints(seen).every(({ value }) => taint !== undefined && (taint.value ?? '') === value);
}

/** Annotations a worker's Node gets as soon as it has joined: a kubelet registers none. */
export function ownAnnotations(seen: Seen): Record<string, string> {
  const end = endingOf(seen);
  return {
    ...seen.pool?.spec.template?.annotations,
    [WORKER_UID]: seen.worker.metadata.uid,
    'provisioned-by': 'cortex-resource-manager',
    ...(end === undefined ? {} : { [WORKER_TTL]: timestamp(new Date(end.expiresAt)) }),
  };
}

/** Whose job the Node's label names; empty for a free one. */
export const jobOf = ({ metadata }: Node): string | undefined => metadata.labels?.[JOB];

/**
 * A Node that joined without the taint it was to be born with: anybody's pods may be on it already, so it is emptied
 * before it is marked (contract C3).
 */
export const isUnclean = (seen: Seen): boolean =>
  seen.node !== undefined &&
  !isRegistered(seen) &&
  seen.pool !== undefined &&
  birthTaints(seen).length > 0 &&
  !(seen.node.spec.taints ?? []).some(({ key }) => key === JOB);

export const withoutVmFinalizer = (finalizers: readonly string[] | undefined): string[] =>
  (finalizers ?? []).filter((each) => each !== VM_FINALIZER);
