import type { Reason } from '@cortex/crds';
import { type Claim, conditionOf, isTrue } from '../conditions.ts';
import { isProviderReason } from '../provider-reasons.ts';
import { Stalled } from '../runtime/outcome.ts';
import type { Place, Roster } from './roster.ts';
import { servingCount } from './rows.ts';
import {
  isClaimedBy,
  isInTheWay,
  isLeftTo,
  isRunning,
  isServing,
  isUsable,
  nameConflict,
  type Seen,
  wantedWorkers,
} from './seen.ts';
import { expiring } from './expiring.ts';

/** What an Allocation that holds its capacity says of itself, aspect by aspect. */
export function claimsOf(seen: Seen, roster: Roster, failure: unknown, now: Date): Claim[] {
  const stalled = stalledClaim(seen, roster, failure);
  const workers = workersClaim(seen, roster);
  const servers = serversClaim(seen);
  return [
    reservedClaim(seen),
    ...stalled,
    workers,
    servers,
    readyClaim([...stalled.map((claim) => ({ ...claim, status: false })), workers, servers], seen.countedByPool),
    ...expiring(seen, now),
  ];
}

/** Ready, unless one of these stands in the way; the first that does gives the reason. */
function readyClaim(aspects: readonly Claim[], countedByPool: boolean): Claim {
  const blocker = aspects.find(({ status }) => status !== true);
  if (blocker !== undefined) return { ...blocker, type: 'Ready', status: false };
  return countedByPool
    ? { type: 'Ready', status: true, reason: 'Ready', message: 'Everything asked for is ready' }
    : {
        type: 'Ready',
        status: false,
        reason: 'Provisioning',
        message: 'The pool is about to publish this reservation',
      };
}

function stalledClaim({ allocation }: Seen, { places }: Roster, failure: unknown): Claim[] {
  if (failure instanceof Stalled)
    return [{ type: 'Stalled', status: true, reason: failure.reason as Reason, message: failure.message }];
  const conflict = places.find(({ worker }) => worker !== undefined && isInTheWay(worker, allocation));
  return conflict === undefined ? [] : [{ type: 'Stalled', status: true, ...nameConflict(conflict.name) }];
}

/** What the reservation said stays said; claims of free workers are one too (contract C1). */
function reservedClaim({ allocation }: Seen): Claim {
  const said = conditionOf(allocation.status?.conditions, 'QuotaReserved');
  const message =
    wantedWorkers(allocation) === 0
      ? 'It asks for no workers, so there is nothing to reserve'
      : 'Free workers cover the request';
  return said?.status === 'True'
    ? { type: 'QuotaReserved', status: true, reason: said.reason, message: said.message }
    : { type: 'QuotaReserved', status: true, reason: 'Reserved', message };
}

function workersClaim(seen: Seen, roster: Roster): Claim {
  const wanted = wantedWorkers(seen.allocation);
  const missing = roster.places.filter(({ worker }) => worker === undefined || !isServing(seen, worker));
  if (servingCount(seen, roster) >= wanted)
    return { type: 'WorkersReady', status: true, reason: 'Ready', message: `${wanted}/${wanted} workers ready` };
  const names = missing.map((place) => `${place.name} (${troubleOf(seen, place)})`).join(', ');
  const losing = seen.allocation.status?.readyAt !== undefined || missing.some(isLeaving);
  if (losing)
    return workersWait(
      'WorkerLost',
      `Not serving: ${names}. They are replaced within the reservation; the ttl runs on`,
    );
  const refused = missing.find(({ worker }) => isProviderReason(readyReason(worker)));
  const reason = readyReason(refused?.worker);
  return refused === undefined || reason === undefined
    ? workersWait('Provisioning', `On their way: ${names}`)
    : workersWait(reason, `BurstWorker ${refused.name}: ${readyMessage(refused)}`);
}

const isLeaving = ({ worker }: Place): boolean => worker !== undefined && !isUsable(worker);

const readyOf = (worker: Place['worker']) => conditionOf(worker?.status?.conditions, 'Ready');
const readyReason = (worker: Place['worker']): Reason | undefined => readyOf(worker)?.reason;
const readyMessage = ({ worker }: Place): string => readyOf(worker)?.message ?? '';

/** Why a worker does not serve, in a word of its own. */
function troubleOf({ allocation }: Seen, { worker }: Place): string {
  if (worker === undefined) return 'being made';
  if (worker.metadata.deletionTimestamp !== undefined) return 'being deleted';
  if (!isClaimedBy(worker, allocation)) return isLeftTo(worker, allocation) ? 'being claimed' : "somebody else's";
  if (isTrue(worker.status?.conditions, 'Ready')) return 'its Node is being marked';
  return readyReason(worker) ?? worker.status?.phase ?? 'Requested';
}

function serversClaim({ servers, allocation }: Seen): Claim {
  const missing = servers.filter(({ server }) => server === undefined).map(({ name }) => name);
  const down = servers.filter((each) => !isRunning(each)).map(({ name }) => name);
  if (missing.length > 0) return serversWait('ServerNotFound', serverNotFound(missing, allocation.metadata.namespace));
  if (down.length > 0) return serversWait('ServersNotReady', `Not running yet: ${down.join(', ')}`);
  return {
    type: 'ServersReady',
    status: true,
    reason: 'Ready',
    message: `${servers.length}/${servers.length} servers running`,
  };
}

const serverNotFound = (missing: readonly string[], namespace = ''): string =>
  `No McpServer ${missing.join(', ')} in namespace ${namespace}`;

const workersWait = (reason: Reason, message: string): Claim => ({
  type: 'WorkersReady',
  status: false,
  reason,
  message,
});

const serversWait = (reason: Reason, message: string): Claim => ({
  type: 'ServersReady',
  status: false,
  reason,
  message,
});
