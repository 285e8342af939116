import { type Lease, Leases } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';
import type { Owner, VmRequest, VmView } from '../provider.ts';

const PREFIX = 'cortex.automation/vm';
const CLUSTER = `${PREFIX}-cluster`;
const WORKER = `${PREFIX}-worker`;
const NODE = `${PREFIX}-node`;
const POWER = `${PREFIX}-power`;
const BOOTED_AT = `${PREFIX}-booted-at`;

/** Selects all records of machines. */
export const RECORDS = `${PREFIX}=kwok`;

/**
 * The record of a machine that KWOK plays: a Lease that says whose it is, whether it is switched on and when it has
 * booted. It is the machine: made, found, listed and destroyed by it, so identity and clean-up are as real as with any
 * other provider.
 */
export const newRecord = (namespace: string, id: string, request: VmRequest, now: Date): Draft<Lease> => ({
  apiVersion: `${Leases.group}/${Leases.version}`,
  kind: 'Lease',
  metadata: {
    name: id,
    namespace,
    labels: { [PREFIX]: 'kwok' },
    annotations: {
      [CLUSTER]: request.clusterId,
      [WORKER]: request.workerUid,
      [NODE]: request.name,
      ...switchedOn(request, now),
    },
  },
});

/** The patch that switches the machine on again, if its record is still the one that was seen. */
export const startPatch = ({ metadata }: Lease, request: VmRequest, now: Date): unknown => ({
  metadata: {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    annotations: switchedOn(request, now),
  },
});

const switchedOn = ({ bootDelayMs }: VmRequest, now: Date): Record<string, string> => ({
  [POWER]: 'on',
  [BOOTED_AT]: new Date(now.getTime() + bootDelayMs).toISOString(),
});

/** Whether the record is this worker's machine in this cluster: nothing else is ever changed (S3). */
export const isOurs = ({ metadata }: Lease, { clusterId, workerUid }: Owner): boolean =>
  metadata.annotations?.[CLUSTER] === clusterId && metadata.annotations[WORKER] === workerUid;

/** When the machine has booted, in milliseconds of the epoch; NaN when the record does not say. */
export const bootedAt = ({ metadata }: Lease): number => Date.parse(metadata.annotations?.[BOOTED_AT] ?? '');

export function viewOf(record: Lease, now: Date): VmView {
  const { name, annotations = {} } = record.metadata;
  const [workerUid, clusterId] = [annotations[WORKER], annotations[CLUSTER]];
  return {
    state: stateOf(record, now),
    id: name,
    ...(workerUid === undefined ? {} : { workerUid }),
    ...(clusterId === undefined ? {} : { clusterId }),
  };
}

/** A record that was edited into nonsense is unknown: neither running nor absent. */
function stateOf(record: Lease, now: Date): VmView['state'] {
  if (record.metadata.deletionTimestamp !== undefined) return 'stopping';
  const power = record.metadata.annotations?.[POWER];
  if (power === 'off') return 'stopped';
  const booted = bootedAt(record);
  if (power !== 'on' || Number.isNaN(booted)) return 'unknown';
  return now.getTime() < booted ? 'pending' : 'running';
}
