import { type Condition, parseDuration } from '@cortex/crds';
import { type Claim, timestamp } from '../conditions.ts';
import type { Pod, VolumeAttachment } from '../kube/core.ts';
import { classOf, isTerminal, type Judged } from './pod-class.ts';

const NAMED = 5;

/** Whether a pod stays on a Node that is called empty, and with it its volumes (contract D15). */
export const keepsVolumes = (pod: Pod, judged: Judged): boolean =>
  !isTerminal(pod) &&
  pod.metadata.deletionTimestamp === undefined &&
  ['Ignored', 'Courtesy'].includes(classOf(pod, judged));

/** The claims of a pod, as `namespace/name`; that of an ephemeral volume is named after both. */
export const claimsOf = ({ metadata: { namespace = '', name }, spec }: Pod): string[] =>
  (spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim !== undefined) return [`${namespace}/${volume.persistentVolumeClaim.claimName}`];
    return volume.ephemeral === undefined ? [] : [`${namespace}/${name}-${volume.name}`];
  });

/** What is attached without being kept, by the names of the PersistentVolumes, or of what attaches one that has none. */
export const leftAttached = (attachments: readonly VolumeAttachment[], kept: ReadonlySet<string>): string[] =>
  attachments
    .map(({ metadata, spec }) => spec.source.persistentVolumeName ?? metadata.name)
    .filter((volume) => !kept.has(volume))
    .toSorted();

/** What is known of the volumes of a Node. */
export interface Detaching {
  readonly node: string;
  /** Left attached; undefined where nobody looked, or where it does not matter because the machine is gone. */
  readonly attached: readonly string[] | undefined;
  /** The Drained condition: volumes are waited for from then on. */
  readonly drained: Condition | undefined;
  readonly timeout: string;
}

/** For how long the drain still waits for its volumes, in milliseconds. */
export function untilDetached(seen: Detaching, now: Date): number {
  if (seen.attached === undefined || seen.attached.length === 0) return 0;
  return Math.max(0, deadlineOf(seen, now) - now.getTime());
}

const deadlineOf = ({ drained, timeout }: Detaching, now: Date): number =>
  (drained?.status === 'True' ? Date.parse(drained.lastTransitionTime) : now.getTime()) + parseDuration(timeout);

/** What is said of them from the end of the evictions on. */
export function detachClaims(seen: Detaching, now: Date): Claim[] {
  const { node, attached, timeout } = seen;
  const type = 'VolumesDetached' as const;
  if (attached === undefined) return [];
  if (attached.length === 0)
    return [
      { type, status: true, reason: 'VolumesDetached', message: `No volume that counts is attached to Node ${node}` },
    ];
  const still = `Still attached to Node ${node}: ${named(attached)}`;
  if (untilDetached(seen, now) > 0) {
    const until = timestamp(new Date(deadlineOf(seen, now)));
    return [{ type, status: false, reason: 'VolumesAttached', message: `${still}; waited for until ${until}` }];
  }
  const message = `${still}; no longer waited for after ${timeout} (volumeDetachTimeout)`;
  return [{ type, status: false, reason: 'VolumeDetachTimeout', message }];
}

const named = (volumes: readonly string[]): string =>
  volumes.length <= NAMED
    ? volumes.join(', ')
    : `${volumes.slice(0, NAMED).join(', ')} and ${volumes.length - NAMED} more`;
