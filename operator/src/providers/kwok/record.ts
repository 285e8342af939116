import { type Lease, Leases } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';
import type { VmRequest, VmView } from '../provider.ts';

const PREFIX = 'cortex.automation/vm';
const CLUSTER = `${PREFIX}-cluster`;
const WORKER = `${PREFIX}-worker`;
const NODE = `${PREFIX}-node`;
const BOOTED_AT = `${PREFIX}-booted-at`;

/** Selects all records of machines. */
export const RECORDS = `${PREFIX}=kwok`;

/**
 * The record of a machine that KWOK plays: a Lease that says whose it is and when it has booted. It is the machine:
 * made, found, listed and destroyed by it, so identity and clean-up are as real as with any other provider.
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
      [BOOTED_AT]: new Date(now.getTime() + request.bootDelayMs).toISOString(),
    },
  },
});

/** Whether the record is this worker's machine in this cluster: nothing else is ever changed (port, rule 3). */
export const isOurs = ({ metadata }: Lease, { clusterId, workerUid }: Pick<VmRequest, 'clusterId' | 'workerUid'>): boolean =>
  metadata.annotations?.[CLUSTER] === clusterId && metadata.annotations[WORKER] === workerUid;

export const bootedAt = ({ metadata }: Lease): number => Date.parse(metadata.annotations?.[BOOTED_AT] ?? '');

export const viewOf = (record: Lease, now: Date): VmView => ({
  state: now.getTime() < bootedAt(record) ? 'pending' : 'running',
  id: record.metadata.name,
  workerUid: record.metadata.annotations?.[WORKER] ?? '',
  clusterId: record.metadata.annotations?.[CLUSTER] ?? '',
});
