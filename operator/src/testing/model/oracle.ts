import type { Allocation, BurstWorker } from '@cortex/crds';
import { conditionOf } from '../../conditions.ts';
import type { Model } from './model.ts';

const GIB = 2 ** 30;
const RANK: Readonly<Record<string, number>> = { Critical: 3, High: 2, Normal: 1, Low: 0 };
const SIZES: Readonly<Record<string, { cpu: number; gib: number }>> = {
  small: { cpu: 2, gib: 4 },
  medium: { cpu: 4, gib: 8 },
  large: { cpu: 8, gib: 16 },
};
const TTL_MS: Readonly<Record<string, number>> = { '5m': 300_000, '20m': 1_200_000 };
const LONGEST_MS = 168 * 3_600_000;
const DRAIN_MS = 600_000;
const PATIENCE_MS = 40 * 60_000;
const AGE_MS = 10 * 60_000;

const holds = (object: Allocation | BurstWorker, type: Parameters<typeof conditionOf>[1]): boolean =>
  conditionOf(object.status?.conditions, type)?.status === 'True';

const isReserving = (one: Allocation): boolean => holds(one, 'QuotaReserved') && !holds(one, 'Finished');

export interface Sum {
  workers: number;
  cpu: number;
}

/** What is used, counted the simplest way there is. */
export function usedIn({ workers, allocations }: Model): Sum {
  const used: Sum = { workers: 0, cpu: 0 };
  for (const one of workers.values()) {
    if (!holds(one, 'Admitted')) continue;
    used.workers += 1;
    used.cpu += Number(one.status?.resources?.cpu);
  }
  for (const one of allocations.values()) {
    if (!isReserving(one)) continue;
    for (const { name, cpu } of one.status?.workers ?? []) {
      const there = workers.get(name);
      if (there !== undefined && holds(there, 'Admitted')) continue;
      used.workers += 1;
      used.cpu += Number(cpu);
    }
  }
  return used;
}

/** Workers whose reservation is gone and that were not admitted, as far as anybody knows. */
function withheldIn({ workers, allocations }: Model): Sum {
  const named = new Set(
    [...allocations.values()]
      .filter(isReserving)
      .flatMap(({ status }) => status?.workers?.map(({ name }) => name) ?? []),
  );
  const strays = [...workers.values()].filter(
    (one) => one.spec.claimRef !== undefined && !holds(one, 'Admitted') && !named.has(one.metadata.name),
  );
  return { workers: strays.length, cpu: strays.reduce((sum, { spec }) => sum + (SIZES[spec.size ?? '']?.cpu ?? 0), 0) };
}

export interface Expected {
  /** Names of those that are admitted, and of those that fail. */
  readonly admitted: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

/** Who must be admitted now, and who must fail: everybody is looked at, in order, every time. */
export function expectedOf(model: Model): Expected {
  const { pool, now, workers, allocations } = model;
  const limits = { workers: pool.spec.limits?.workers ?? 0, cpu: Number(pool.spec.limits?.cpu) };
  const [used, withheld] = [usedIn(model), withheldIn(model)];
  let left: Sum = {
    workers: Math.max(0, limits.workers - used.workers - withheld.workers),
    cpu: Math.max(0, limits.cpu - used.cpu - withheld.cpu),
  };
  const promised = new Set(
    [...allocations.values()]
      .filter(isReserving)
      .flatMap(({ status }) => status?.workers?.map(({ name }) => name) ?? []),
  );
  let free = [...workers.values()].filter((one) => isFree(one) && !promised.has(one.metadata.name)).toSorted(byName);
  const [admitted, failed] = [new Set<string>(), new Set<string>()];
  let coming = sumOf([...workers.values()].filter((one) => isLeaving(model, one)));
  let closed = false;
  let waits = false;
  for (const { name, kind, rank, count, size, own, fails, since, ttl } of candidatesOf(model)) {
    const one = SIZES[size] ?? { cpu: 0, gib: GIB };
    const lasting =
      kind === 'worker' ? [] : free.filter((each) => each.spec.size === size && lasts(each, now + ttl + DRAIN_MS));
    const taken = lasting.slice(0, Math.max(0, count - own));
    const made = Math.max(0, count - own - taken.length);
    const exceeds = count > limits.workers || count * one.cpu > limits.cpu;
    const fits = made <= left.workers && made * one.cpu <= left.cpu;
    if (!exceeds && !closed && fits && !(rank === -1 && waits)) {
      admitted.add(name);
      left = { workers: left.workers - made, cpu: left.cpu - made * one.cpu };
      free = free.filter((each) => !taken.includes(each));
    } else if (fails || (kind === 'allocation' && now >= since + PATIENCE_MS)) failed.add(name);
    else if (!exceeds && rank !== -1) {
      waits = true;
      const missing = { workers: made - left.workers, cpu: made * one.cpu - left.cpu };
      const isEnough = (more: readonly BurstWorker[]): boolean => {
        const { workers: n, cpu } = sumOf(more);
        return missing.workers <= coming.workers + n && missing.cpu <= coming.cpu + cpu;
      };
      const others = free.filter((each) => !taken.includes(each)).toSorted(byAge);
      const retired =
        others
          .map((_, i) => others.slice(0, i))
          .concat([others])
          .find(isEnough) ?? [];
      free = free.filter((each) => !retired.includes(each));
      coming = { workers: coming.workers + retired.length, cpu: coming.cpu + sumOf(retired).cpu };
      if (pool.spec.queue.ordering === 'Strict' || now - since >= AGE_MS) closed = true;
    }
  }
  return { admitted, failed };
}

interface Candidate {
  readonly name: string;
  readonly kind: 'allocation' | 'worker';
  readonly rank: number;
  readonly since: number;
  readonly uid: string;
  readonly count: number;
  readonly size: string;
  /** Workers it has claimed already. */
  readonly own: number;
  readonly fails: boolean;
  readonly ttl: number;
}

export function candidatesOf({ allocations, workers }: Model): Candidate[] {
  const all: Candidate[] = [];
  for (const { metadata, spec, status } of allocations.values()) {
    const own = [...workers.values()].filter(
      (one) =>
        one.spec.claimRef?.uid === metadata.uid &&
        holds(one, 'Admitted') &&
        one.metadata.deletionTimestamp === undefined,
    ).length;
    const count = spec.workers?.count ?? 0;
    const is = (type: 'QuotaReserved' | 'Finished') => conditionOf(status?.conditions, type)?.status === 'True';
    const claims = [...workers.values()].filter(
      (one) => one.spec.claimRef?.uid === metadata.uid && one.metadata.deletionTimestamp === undefined,
    ).length;
    if (is('QuotaReserved') || is('Finished') || claims >= count) continue;
    all.push({
      name: metadata.name,
      kind: 'allocation',
      rank: own > 0 ? 9 : (RANK[spec.priority] ?? 0),
      since: Date.parse(metadata.creationTimestamp),
      uid: metadata.uid,
      count,
      size: spec.workers?.size ?? '',
      own,
      fails: spec.whenInsufficient === 'Fail',
      ttl: TTL_MS[spec.ttl] ?? 0,
    });
  }
  for (const one of workers.values()) {
    const { metadata, spec, status } = one;
    if (spec.claimRef !== undefined || metadata.deletionTimestamp !== undefined) continue;
    if (status?.phase === 'Failed' || holds(one, 'Admitted')) continue;
    const since = Date.parse(metadata.creationTimestamp);
    const rank = spec.claimable ? -1 : 1;
    all.push({
      name: metadata.name,
      kind: 'worker',
      rank,
      since,
      uid: metadata.uid,
      count: 1,
      size: spec.size ?? '',
      own: 0,
      fails: false,
      ttl: 0,
    });
  }
  return all.toSorted((a, b) => b.rank - a.rank || a.since - b.since || (a.uid < b.uid ? -1 : 1));
}

/** Its slot comes back by itself. */
const isLeaving = ({ allocations }: Model, one: BurstWorker): boolean => {
  const claim = one.spec.claimRef;
  const claimant = claim && allocations.get(claim.name);
  const isOver = claim !== undefined && (claimant?.metadata.uid !== claim.uid || holds(claimant, 'Finished'));
  return holds(one, 'Admitted') && (one.metadata.deletionTimestamp !== undefined || isOver);
};

const sumOf = (some: readonly BurstWorker[]): Sum => ({
  workers: some.length,
  cpu: some.reduce((sum, { status }) => sum + Number(status?.resources?.cpu), 0),
});

const byAge = (a: BurstWorker, b: BurstWorker): number =>
  `${a.metadata.creationTimestamp} ${a.metadata.name}` < `${b.metadata.creationTimestamp} ${b.metadata.name}` ? -1 : 1;

const isFree = (one: BurstWorker): boolean =>
  one.spec.claimable &&
  one.spec.claimRef === undefined &&
  one.metadata.deletionTimestamp === undefined &&
  holds(one, 'Ready');

const lasts = ({ metadata }: BurstWorker, until: number): boolean =>
  Date.parse(metadata.creationTimestamp) + LONGEST_MS >= until;

const byName = (a: BurstWorker, b: BurstWorker): number => (a.metadata.name < b.metadata.name ? -1 : 1);
