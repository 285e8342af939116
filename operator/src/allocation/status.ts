import type { Allocation, AllocationStatus, BurstWorker, Reason } from '@cortex/crds';
import { formatMemory } from '@cortex/crds';
import { asQuantities, NOTHING, ofWorker, plus, times } from '../admission/amount.ts';
import type { PoolChoice, Refusal } from '../admission/pool-choice.ts';
import { type Claim, conditionOf, isTrue, timestamp, withConditions } from '../conditions.ts';
import { isEmpty } from './decide.ts';
import { claimMark, workerName } from './names.ts';
import { type Roster, rosterOf } from './roster.ts';
import { endingFrom, endingOf, isRunning, isServing, jobIdOf, type Seen, stageOf, wantedWorkers } from './seen.ts';
import { warningAt } from './warning.ts';

/** What an Allocation says of itself, computed whole from what was seen; undefined where somebody else speaks for it. */
export function report(seen: Seen, now: Date): AllocationStatus | undefined {
  switch (stageOf(seen, now)) {
    case 'Deleting':
    case 'Finished':
    case 'Queued':
      return undefined;
    case 'Ending':
      return isEmpty(seen) ? finished(seen, now) : releasing(seen, now);
    case 'Held':
      return provisioningFailure(seen) ?? held(seen, now);
  }

  function provisioningFailure({ allocation, claimed }: Seen): AllocationStatus | undefined {
    const failed = claimed.find(({ status }) => status?.phase === 'Failed');
    if (failed === undefined || allocation.status?.readyAt !== undefined) return undefined;
    const cause = conditionOf(failed.status?.conditions, 'Ready')?.message ?? 'it says no more';
    return failedStatus(
      allocation,
      { reason: 'ProvisioningFailed', message: `Worker ${failed.metadata.name}: ${cause}` },
      now,
    );
  }
}

/** The reservation: written before anything is created, naming every worker that shall stand for it (contract C1). */
export function reservation(
  allocation: Allocation,
  { pool, size }: PoolChoice,
  free: readonly BurstWorker[],
  own: readonly BurstWorker[],
  now: Date,
): AllocationStatus {
  const count = wantedWorkers(allocation);
  const there = [...own, ...free].map(({ metadata }) => metadata.name);
  const first = allocation.status?.nextOrdinal ?? 0;
  const created = Array.from({ length: count - there.length }, (_, i) =>
    workerName(pool.metadata.name, allocation.metadata.uid, first + i),
  );
  const sum = asQuantities(times(ofWorker(size), count));
  const message = `${count} ${size.name} worker${count === 1 ? '' : 's'} reserved in WorkerPool ${pool.metadata.name}`;
  const waits = 'The workers are on their way';
  return {
    ...allocation.status,
    phase: 'Pending',
    jobId: jobIdOf(allocation),
    admittedAt: timestamp(now),
    nextOrdinal: first + created.length,
    reserved: {
      pool: pool.metadata.name,
      size: size.name,
      workers: count,
      cpu: sum.cpu ?? '0',
      memory: sum.memory ?? '0',
    },
    workersReady: `0/${count}`,
    workers: [...there, ...created].map((name) => ({
      name,
      phase: 'Requested' as const,
      cpu: size.cpu,
      memory: size.memory,
    })),
    conditions: withConditions(
      allocation.status?.conditions,
      [
        { type: 'QuotaReserved', status: true, reason: 'Reserved', message },
        { type: 'WorkersReady', status: false, reason: 'Provisioning', message: waits },
        { type: 'Ready', status: false, reason: 'Provisioning', message: waits },
      ],
      allocation.metadata.generation,
      now,
    ),
  };
}

/** In the queue, with the reason. */
export const waiting = (allocation: Allocation, why: Refusal, now: Date): AllocationStatus => ({
  ...allocation.status,
  phase: 'Pending',
  jobId: jobIdOf(allocation),
  workersReady: `0/${wantedWorkers(allocation)}`,
  conditions: withConditions(
    allocation.status?.conditions,
    [
      { type: 'QuotaReserved', status: false, ...why },
      { type: 'Ready', status: false, ...why },
    ],
    allocation.metadata.generation,
    now,
  ),
});

/** Finished without success. */
export const failedStatus = (allocation: Allocation, why: Refusal, now: Date): AllocationStatus => ({
  ...allocation.status,
  phase: 'Failed',
  jobId: jobIdOf(allocation),
  finishedAt: timestamp(now),
  conditions: withConditions(
    allocation.status?.conditions,
    [
      ...(isTrue(allocation.status?.conditions, 'QuotaReserved')
        ? []
        : [{ type: 'QuotaReserved' as const, status: false, ...why }]),
      { type: 'Ready', status: false, ...why },
      { type: 'Finished', status: true, ...why },
    ],
    allocation.metadata.generation,
    now,
  ),
});

function held(seen: Seen, now: Date): AllocationStatus {
  const { allocation } = seen;
  const roster = rosterOf(seen);
  const ready = isReady(seen, roster);
  const readyAt = allocation.status?.readyAt ?? (ready ? timestamp(now) : undefined);
  const end = endingFrom(allocation, seen.pool, readyAt);
  return {
    ...allocation.status,
    ...people(seen, roster),
    phase: readyAt === undefined ? 'Pending' : 'Active',
    jobId: jobIdOf(allocation),
    admittedAt: allocation.status?.admittedAt ?? timestamp(now),
    ...(readyAt === undefined ? {} : { readyAt }),
    ...(end === undefined
      ? {}
      : { expiresAt: timestamp(new Date(end.expiresAt)), hardStopAt: timestamp(new Date(end.hardStopAt)) }),
    placement: placementOf(seen),
    conditions: withConditions(
      allocation.status?.conditions,
      claims(seen, roster, now),
      allocation.metadata.generation,
      now,
    ),
  };
}

const isReady = (seen: Seen, roster: Roster): boolean =>
  servingCount(seen, roster) >= wantedWorkers(seen.allocation) && seen.servers.every(isRunning) && seen.countedByPool;

const servingCount = (seen: Seen, { places }: Roster): number =>
  places.filter(({ worker }) => worker !== undefined && isServing(seen, worker)).length;

/** The workers and servers of a job, and what is reserved for it. */
function people(seen: Seen, roster: Roster): AllocationStatus {
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

function reservedByClaims({ claimed, pool }: Seen): NonNullable<AllocationStatus['reserved']> {
  const sum = claimed.reduce(
    (total, { status }) => (status?.resources ? plus(total, ofWorker(status.resources)) : total),
    NOTHING,
  );
  const { workers, cpu = '0', memory = formatMemory(0) } = asQuantities(sum);
  return { pool: pool?.metadata.name ?? '', size: claimed[0]?.spec.size ?? '', workers, cpu, memory };
}

function workerRow(
  seen: Seen,
  name: string,
  worker: BurstWorker | undefined,
): NonNullable<AllocationStatus['workers']>[number] {
  const before = seen.allocation.status?.workers?.find((row) => row.name === name);
  const reserved = seen.allocation.status?.workers?.[0];
  const address = worker?.status?.node?.addresses?.[0]?.address;
  const cpu = worker?.status?.resources?.cpu ?? before?.cpu ?? reserved?.cpu;
  const memory = worker?.status?.resources?.memory ?? before?.memory ?? reserved?.memory;
  return {
    name,
    phase: worker?.status?.phase ?? 'Requested',
    ...(worker?.status?.nodeName === undefined ? {} : { node: worker.status.nodeName }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(address === undefined ? {} : { address }),
  };
}

/** What a job's pod template needs to land on its workers and nowhere else (contract C3). */
export function placementOf({ allocation, pool }: Seen): NonNullable<AllocationStatus['placement']> {
  if (wantedWorkers(allocation) === 0) return { nodeSelector: {}, tolerations: [] };
  const key = 'cortex.automation/job';
  const value = claimMark(allocation.metadata.namespace ?? '', jobIdOf(allocation));
  const tolerations =
    pool?.spec.isolation === 'Shared'
      ? []
      : [{ key, operator: 'Equal' as const, value, effect: 'NoSchedule' as const }];
  return { nodeSelector: { [key]: value }, tolerations };
}

function claims(seen: Seen, roster: Roster, now: Date): Claim[] {
  const workers = workersClaim(seen, roster);
  const servers = serversClaim(seen);
  const why = [workers, servers].find(({ status }) => status !== true);
  return [
    { type: 'QuotaReserved', status: true, reason: 'Reserved', message: reservedMessage(seen) },
    workers,
    servers,
    isReady(seen, roster)
      ? { type: 'Ready', status: true, reason: 'Ready', message: 'Everything asked for is ready' }
      : {
          type: 'Ready',
          status: false,
          reason: why?.reason ?? 'Provisioning',
          message: why?.message ?? 'The pool is about to publish this reservation',
        },
    ...expiring(seen, now),
  ];
}

const reservedMessage = ({ allocation }: Seen): string =>
  conditionOf(allocation.status?.conditions, 'QuotaReserved')?.status === 'True'
    ? (conditionOf(allocation.status?.conditions, 'QuotaReserved')?.message ?? '')
    : wantedWorkers(allocation) === 0
      ? 'It asks for no workers, so there is nothing to reserve'
      : 'Free workers cover the request';

function workersClaim(seen: Seen, roster: Roster): Claim {
  const wanted = wantedWorkers(seen.allocation);
  const serving = servingCount(seen, roster);
  if (serving >= wanted)
    return { type: 'WorkersReady', status: true, reason: 'Ready', message: `${serving}/${wanted} workers ready` };
  const wasReady = seen.allocation.status?.readyAt !== undefined;
  return {
    type: 'WorkersReady',
    status: false,
    reason: wasReady ? 'WorkerLost' : 'Provisioning',
    message: wasReady
      ? `Of ${wanted} workers ${wanted - serving} are lost and being replaced; the ttl runs on`
      : 'The workers are on their way',
  };
}

function serversClaim({ servers, allocation }: Seen): Claim {
  const missing = servers.filter(({ server }) => server === undefined).map(({ name }) => name);
  const down = servers.filter((each) => !isRunning(each)).map(({ name }) => name);
  if (missing.length > 0)
    return serversWait(
      'ServerNotFound',
      `No McpServer ${missing.join(', ')} in namespace ${allocation.metadata.namespace ?? ''}`,
    );
  if (down.length > 0) return serversWait('ServersNotReady', `Not running yet: ${down.join(', ')}`);
  return {
    type: 'ServersReady',
    status: true,
    reason: 'Ready',
    message: `${servers.length}/${servers.length} servers running`,
  };
}

const serversWait = (reason: Reason, message: string): Claim => ({
  type: 'ServersReady',
  status: false,
  reason,
  message,
});

function expiring(seen: Seen, now: Date): Claim[] {
  const end = endingOf(seen);
  if (end === undefined) return [];
  const soon = now.getTime() >= warningAt(seen.allocation, end);
  if (!soon && !isTrue(seen.allocation.status?.conditions, 'Expiring')) return [];
  const at = timestamp(new Date(end.expiresAt));
  return [
    soon
      ? {
          type: 'Expiring',
          status: true,
          reason: end.because,
          message: `Its workers drain at ${at}; raise spec.ttl to keep them`,
        }
      : { type: 'Expiring', status: false, reason: 'Extended', message: `Extended until ${at}` },
  ];
}

function releasing(seen: Seen, now: Date): AllocationStatus {
  const end = endingOf(seen);
  const reason = end?.because ?? 'TtlExpired';
  const message = 'Its time is over and its workers drain; raise spec.ttl to keep what is still there';
  return ended(
    seen,
    'Releasing',
    [
      { type: 'Expiring', status: true, reason, message },
      { type: 'Ready', status: false, reason, message },
    ],
    now,
  );
}

function finished(seen: Seen, now: Date): AllocationStatus {
  const reason = endingOf(seen)?.because ?? 'TtlExpired';
  const message = 'Its time is over and everything it held is returned';
  const status = ended(
    seen,
    'Released',
    [
      { type: 'Ready', status: false, reason, message },
      { type: 'Finished', status: true, reason, message },
    ],
    now,
  );
  return { ...status, finishedAt: timestamp(now), workers: [], workersReady: `0/${wantedWorkers(seen.allocation)}` };
}

/** Rows of departing workers stay as they were, so that a drain in progress costs the Allocation no writes. */
function ended(seen: Seen, phase: 'Releasing' | 'Released', conditions: Claim[], now: Date): AllocationStatus {
  const { allocation } = seen;
  const end = endingOf(seen);
  return {
    ...allocation.status,
    phase,
    ...(end === undefined
      ? {}
      : { expiresAt: timestamp(new Date(end.expiresAt)), hardStopAt: timestamp(new Date(end.hardStopAt)) }),
    conditions: withConditions(allocation.status?.conditions, conditions, allocation.metadata.generation, now),
  };
}
