import type { BurstWorkerStatus } from '@cortex/crds';
import { type Claim, withConditions } from '../conditions.ts';
import { isUnclean } from './marks.ts';
import { isCleared, isLaunched, mayTryAgain, type Seen } from './seen.ts';
import { identity, type Trouble, troubleOf } from './trouble.ts';
import { vmBlock } from './vm-block.ts';

/** What a worker says while its machine is made and its Node is to join. */
export function raising(before: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const seen = { ...before, conflict: before.conflict ?? taken(before) };
  if (hasNotBegun(seen)) return undefined; // it waits for its turn, and has nothing to show yet
  const launched = isLaunched(seen) || isThere(seen);
  const waits: Trouble = {
    reason: 'Provisioning',
    message: progressOf(seen, launched),
  };
  return {
    ...undrained(seen),
    phase: launched ? 'Joining' : 'Provisioning',
    resources: seen.worker.status?.resources ?? resourcesOf(seen),
    ...vmBlock(seen),
    conditions: conditions(
      seen,
      [
        { type: 'Admitted', status: true, reason: 'Admitted', message: 'Its slot is reserved' },
        ...(launched ? [launch(seen)] : []),
        { type: 'Ready', status: false, ...(troubleOf(seen, failure) ?? waits) },
        ...identity(seen, failure),
      ],
      now,
    ),
  };
}

const claim = (message: string): Claim => ({ type: 'Ready', status: false, reason: 'ProvisioningFailed', message });

/** What it says once an attempt has taken too long: what is left of it goes, then the next one begins, if there is one. */
export function late(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus {
  const { timeout, attempts } = seen.pool?.spec.provisioning ?? { timeout: '15m', attempts: 1 };
  const attempt = seen.worker.status?.vm?.attempt ?? 1;
  const why = `No Ready Node within ${timeout} (spec.provisioning.timeout of WorkerPool ${seen.worker.spec.pool}), attempt ${attempt} of ${attempts}`;
  if (!isCleared(seen)) {
    const trouble = troubleOf(seen, failure);
    const said = trouble === undefined ? claim(`${why}; what is left of it is removed`) : { ...claim(''), ...trouble };
    return {
      ...undrained(seen),
      ...vmBlock(seen),
      conditions: conditions(seen, [said, ...identity(seen, failure)], now),
    };
  }
  if (!mayTryAgain(seen))
    return { ...undrained(seen), phase: 'Failed', conditions: conditions(seen, [claim(why), GONE], now) };
  return {
    ...undrained(seen),
    phase: 'Provisioning',
    ...vmBlock(seen),
    conditions: conditions(seen, [claim(`${why}; the next one begins`), ...unlaunched(seen)], now),
  };
}

const hasNotBegun = (seen: Seen): boolean =>
  seen.checkpoint === undefined && seen.proposed === undefined && troubleOf(seen, undefined) === undefined;

function progressOf(seen: Seen, launched: boolean): string {
  if (isUnclean(seen))
    return 'Its Node joined without the taint it was to be born with; it is cordoned until no pod of others is left';
  return launched ? 'The machine exists; its Node is to join' : 'The machine is being made';
}

/** Its Node cannot join under a name that another machine has. */
const taken = ({ impostor }: Seen): string | undefined =>
  impostor &&
  `Node ${impostor.metadata.name} bears this worker's name but is another machine; rename or remove it, nothing of it is touched`;

/** What is left to say of a worker that failed. */
export function failed(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const trouble = troubleOf(seen, failure);
  if (isCleared(seen)) return { ...seen.worker.status, conditions: conditions(seen, [GONE], now) };
  if (trouble === undefined) return undefined;
  const claims: Claim[] = [{ type: 'Ready', status: false, ...trouble }, ...identity(seen, failure)];
  return { ...seen.worker.status, ...vmBlock(seen), conditions: conditions(seen, claims, now) };
}

const GONE: Claim = {
  type: 'VmGone',
  status: true,
  reason: 'VmRemoved',
  message: 'The provider says that its machine is gone',
};

const isThere = ({ vm }: Seen): boolean => vm !== undefined && vm.state !== 'absent' && vm.state !== 'unknown';

const launch = ({ checkpoint }: Seen): Claim => ({
  type: 'Launched',
  status: true,
  reason: 'VmCreated',
  message: `Machine ${checkpoint?.id ?? ''} exists`,
});

const unlaunched = (seen: Seen): Claim[] =>
  isLaunched(seen)
    ? [{ type: 'Launched', status: false, reason: 'VmRemoved', message: 'The machine of the last attempt is gone' }]
    : [];

/** A drain that was taken back leaves nothing from which a later one could take its deadline. */
function undrained({ worker }: Seen): BurstWorkerStatus {
  const { drain: _undone, ...status } = worker.status ?? {};
  return status;
}

/**
 * A size is resolved once, in the reservation that the worker was made for: an edit of the pool between the two must not
 * give the worker more than was reserved (contract A4).
 */
function resourcesOf({ worker, pool, claimant }: Seen): NonNullable<BurstWorkerStatus['resources']> {
  const size = pool?.spec.sizes.find(({ name }) => name === (worker.spec.size ?? pool.spec.defaultSize));
  const rows = claimant.state === 'Live' ? claimant.allocation.status?.workers : undefined;
  const promised = rows?.find(({ name }) => name === worker.metadata.name);
  return {
    cpu: promised?.cpu ?? size?.cpu ?? '0',
    memory: promised?.memory ?? size?.memory ?? '0',
    disk: size?.disk ?? '0',
  };
}

const conditions = ({ worker }: Seen, claims: readonly Claim[], now: Date) =>
  withConditions(worker.status?.conditions, claims, worker.metadata.generation, now);
