import type { BurstWorker, NodeDrain } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { isDrainedSince } from '../drain/cordon.ts';
import type { Plan } from '../drain/input.ts';
import type { Detaching } from '../drain/volumes.ts';
import type { Node } from '../kube/core.ts';

/** Everything one look at a NodeDrain takes in. */
export interface Seen {
  readonly drain: NodeDrain;
  /** The Node of that name, if it is the one that was bound, or none was bound yet. */
  readonly node: Node | undefined;
  /** An older NodeDrain for this Node, which acts in its place. */
  readonly older: NodeDrain | undefined;
  /** Another NodeDrain for this Node that is to stay. */
  readonly another: boolean;
  /** The BurstWorker whose machine the Node is. */
  readonly worker: BurstWorker | undefined;
  /** It would take the last Node of the control plane that takes pods. */
  readonly lastControlPlane: boolean;
  readonly plan: Plan | undefined;
  /** Volumes that are left on its Node once that is empty; undefined before, and where the machine is off. */
  readonly volumes: readonly string[] | undefined;
  readonly cordoned: boolean;
  /** Why nothing may be destroyed now, whoever it is (contracts T7, S8). */
  readonly frozen: string | undefined;
}

export const isDeleting = ({ drain }: Pick<Seen, 'drain'>): boolean => drain.metadata.deletionTimestamp !== undefined;

/** The Node it was for is gone: it has ended, and holds nothing. */
export const isOver = ({ drain }: Pick<Seen, 'drain'>): boolean =>
  conditionOf(drain.status?.conditions, 'Drained')?.reason === 'NodeGone';

export const isBound = ({ drain }: Pick<Seen, 'drain'>): boolean => drain.status?.nodeUID !== undefined;

export const isDrained = ({ drain, node }: Seen): boolean =>
  node !== undefined && isDrainedSince(node, conditionOf(drain.status?.conditions, 'Drained'));

/** Pods and volumes are gone, or were waited for long enough. */
export const isFinished = (seen: Seen): boolean => isDrained(seen) && seen.drain.status?.phase === 'Drained';

/** What is known of the volumes of its Node (contract D15). */
export const detachingOf = ({ drain, volumes }: Seen): Detaching => ({
  node: drain.spec.nodeName,
  attached: volumes,
  drained: conditionOf(drain.status?.conditions, 'Drained'),
  timeout: drain.spec.volumeDetachTimeout,
});

/** It acts: nothing older does, and nothing forbids it. */
export const acts = (seen: Seen): boolean => seen.older === undefined && !seen.lastControlPlane;

/** Somebody else wants the cordon that this one made: another NodeDrain, or a worker on its way down or back. */
export const isWantedByOthers = ({ another, worker }: Seen): boolean =>
  another ||
  (worker !== undefined &&
    (worker.metadata.deletionTimestamp !== undefined || LEAVING.has(worker.status?.phase ?? '')));

const LEAVING = new Set(['Draining', 'Terminating']);

const KEPT_MS = 3_600_000;

/** When one that has ended is collected, in milliseconds of the epoch. */
export const collectedAt = ({ drain }: Pick<Seen, 'drain'>): number =>
  Date.parse(conditionOf(drain.status?.conditions, 'Drained')?.lastTransitionTime ?? '') + KEPT_MS;
