import type { AllocationStatus, BurstWorker } from '@cortex/crds';
import { asQuantities, NOTHING, ofWorker, plus } from '../admission/amount.ts';
import type { Roster } from './roster.ts';
import { isRunning, isServing, type Seen, wantedWorkers } from './seen.ts';

type WorkerRow = NonNullable<AllocationStatus['workers']>[number];

/** The workers and servers of a job, and what is reserved for it. */
export function people(seen: Seen, roster: Roster): AllocationStatus {
  const wanted = wantedWorkers(seen.allocation);
  return {
    workersReady: `${servingCount(seen, roster)}/${wanted}`,
    serversReady: `${seen.servers.filter(isRunning).length}/${seen.servers.length}`,
    nextOrdinal: roster.nextOrdinal,
    ...(wanted === 0 ? {} : { reserved: seen.allocation.status?.reserved ?? reservedByClaims(seen) }),
    workers: roster.places.map(({ name, worker }) => workerRow(seen, name, worker)),
    servers: seen.servers.map(({ name, server }) => ({
      name,
      phase: server?.status?.phase ?? 'Pending',
      endpoints: server?.status?.endpoints ?? [],
    })),
  };
}

export const servingCount = (seen: Seen, { places }: Roster): number =>
  places.filter(({ worker }) => worker !== undefined && isServing(seen, worker)).length;

function reservedByClaims({ claimed, pool }: Seen): NonNullable<AllocationStatus['reserved']> {
  const sum = claimed.reduce(
    (total, { status }) => (status?.resources ? plus(total, ofWorker(status.resources)) : total),
    NOTHING,
  );
  const { cpu = '0', memory = '0' } = asQuantities(sum);
  return { pool: pool?.metadata.name ?? '', size: claimed[0]?.spec.size ?? '', workers: sum.workers, cpu, memory };
}

function workerRow({ allocation }: Seen, name: string, worker: BurstWorker | undefined): WorkerRow {
  const published = allocation.status?.workers ?? [];
  const before = published.find((row) => row.name === name) ?? published[0];
  const address = worker?.status?.node?.addresses?.[0]?.address;
  const cpu = worker?.status?.resources?.cpu ?? before?.cpu;
  const memory = worker?.status?.resources?.memory ?? before?.memory;
  return {
    name,
    phase: worker?.status?.phase ?? 'Requested',
    ...(worker?.status?.nodeName === undefined ? {} : { node: worker.status.nodeName }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(address === undefined ? {} : { address }),
  };
}
