import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { Office } from '../../admission/office.ts';
import type { Verdict } from '../../admission/verdict.ts';
import { claimOf } from '../../allocation/claim.ts';
import { failed, reservation, waiting } from '../../allocation/verdicts.ts';
import { isTrue, timestamp } from '../../conditions.ts';
import type { Chance } from '../random.ts';
import { allocation, at, deleting, pool, says, worker } from '../world.ts';

const COUNTS = [1, 1, 1, 2, 2, 3, 4, 6];
const PRIORITIES = ['Low', 'Normal', 'Normal', 'High', 'Critical'];
const TTLS = ['5m', '20m'];
const MOST = 14;
const LEAVING_MS = 60_000;

/** Specs are parsed once: a million steps ask for a million of them. */
const specs = new Map<string, Allocation['spec']>();

/**
 * A pool in which anything may happen to Allocations and workers, told to an office change by change. What the office
 * decides is done, or fails; nothing else happens but by steps.
 */
export class Model {
  readonly office = new Office({ labelsOf: () => ({}), lacks: () => undefined, hasServer: () => true });
  readonly allocations = new Map<string, Allocation>();
  readonly workers = new Map<string, BurstWorker>();
  /** When each Allocation that holds something ends, and each worker that leaves is gone. */
  readonly endsAt = new Map<string, number>();
  pool: WorkerPool;
  now = at('00:00:00').getTime();
  readonly #chance: Chance;
  #made = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.pool = this.#anyPool();
    this.office.poolChanged(this.pool, undefined);
  }

  /** One thing happens. Answers whether it is the office's turn. */
  step(): boolean {
    const die = this.#chance.below(100);
    if (die < 25) return true;
    if (die < 43) this.#ask();
    else if (die < 46) this.#make();
    else if (die < 50) this.#withdraw();
    else if (die < 52) this.#lose();
    else if (die < 53) this.#setPool(this.#anyPool());
    else if (die < 70) this.#pass(1_000 * this.#chance.below(60));
    else this.#moveOn();
    return false;
  }

  decide(): Verdict[] {
    return this.office.pass(new Date(this.now));
  }

  /** Most writes go through; the others are seen again. */
  carryOut(verdicts: readonly Verdict[], odds = 0.9): void {
    for (const verdict of verdicts)
      if (this.#chance.isLucky(odds)) this.#do(verdict);
      else this.office.again(verdict);
  }

  #do(verdict: Verdict): void {
    const now = new Date(this.now);
    switch (verdict.kind) {
      case 'Claim':
        for (const each of verdict.workers)
          if (this.#chance.isLucky(0.95))
            this.#setWorker({ ...each, spec: { ...each.spec, claimRef: claimOf(verdict.candidate) } });
        return this.office.again(verdict);
      case 'Reserve': {
        const { candidate, standing, predecessor } = verdict;
        const status = reservation(candidate, verdict, standing, predecessor, now);
        this.endsAt.set(candidate.metadata.name, this.now + (candidate.spec.ttl === '5m' ? 300_000 : 1_200_000));
        return this.#setAllocation({ ...candidate, status });
      }
      case 'AdmitWorker':
        return this.#setWorker(this.#admitted(verdict.candidate, verdict.size));
      case 'Unclaim': {
        const { claimRef: _claim, ...spec } = verdict.worker.spec;
        return this.#setWorker({ ...verdict.worker, spec });
      }
      case 'Retire':
        return this.#leave(verdict.worker);
      case 'Wait':
        if (verdict.candidate.kind === 'Allocation')
          this.#setAllocation({ ...verdict.candidate, status: waiting(verdict.candidate, verdict, now) });
        return;
      case 'Fail':
        if (verdict.candidate.kind === 'Allocation')
          this.#setAllocation({ ...verdict.candidate, status: failed(verdict.candidate, verdict, now) });
        else this.#setWorker({ ...verdict.candidate, status: { phase: 'Failed' } });
        return;
      case 'Preempt':
      case 'Succeed':
        throw new Error(`nobody asked for ${verdict.kind}`);
    }
  }

  #ask(): void {
    if (this.allocations.size >= MOST) return;
    const name = `a-${++this.#made}`;
    const [count, priority, ttl] = [this.#chance.of(COUNTS), this.#chance.of(PRIORITIES), this.#chance.of(TTLS)];
    const whenInsufficient = this.#chance.isLucky(0.15) ? 'Fail' : 'Queue';
    const size = this.#chance.isLucky(0.8) ? 'small' : 'large';
    const key = [count, priority, ttl, whenInsufficient, size].join(' ');
    const spec =
      specs.get(key) ?? allocation('any', { count, priority, ttl, whenInsufficient, size, queueTimeout: '40m' }).spec;
    specs.set(key, spec);
    this.#setAllocation({ ...allocationTemplate, metadata: this.#meta(name, { namespace: 'team' }), spec });
  }

  #make(): void {
    if (this.workers.size >= MOST) return;
    const name = `m-${++this.#made}`;
    const spec = this.#chance.isLucky(0.5) ? personal : warmSpec;
    this.#setWorker({ ...workerTemplate, metadata: this.#meta(name), spec });
  }

  #withdraw(): void {
    const name = this.#anyOf(this.allocations);
    if (name !== undefined) this.#setAllocation(undefined, name);
  }

  /** Somebody deletes a worker. */
  #lose(): void {
    const one = this.workers.get(this.#anyOf(this.workers) ?? '');
    if (one !== undefined) this.#leave(one);
  }

  #pass(ms: number): void {
    this.now += ms;
    for (const [name, moment] of this.endsAt) {
      if (moment > this.now) continue;
      this.endsAt.delete(name);
      const [ended, gone] = [this.allocations.get(name), this.workers.get(name)];
      if (ended !== undefined) this.#setAllocation(says(ended, 'Finished', true, 'TtlExpired'));
      if (gone !== undefined) this.#setWorker(undefined, name);
    }
  }

  /** One Allocation or one worker goes on with its life. */
  #moveOn(): void {
    if (this.#chance.isLucky(0.3)) return this.#tidy(this.allocations.get(this.#anyOf(this.allocations) ?? ''));
    const name = this.#anyOf(this.workers);
    const one = this.workers.get(name ?? '');
    if (one !== undefined) this.#moveWorker(one);
  }

  /** Finished ones are collected; of the others the missing workers are made, and the lost ones replaced. */
  #tidy(one: Allocation | undefined): void {
    if (one === undefined) return;
    if (isTrue(one.status?.conditions, 'Finished')) return this.#setAllocation(undefined, one.metadata.name);
    if (!isTrue(one.status?.conditions, 'QuotaReserved')) return;
    for (const row of one.status?.workers ?? []) {
      const there = this.workers.get(row.name);
      const isFree =
        there !== undefined && there.spec.claimRef === undefined && there.metadata.deletionTimestamp === undefined;
      if (there === undefined) this.#create(row.name, one);
      else if (isFree) this.#setWorker({ ...there, spec: { ...there.spec, claimRef: claimOf(one) } });
    }
  }

  #create(name: string, claimant: Allocation): void {
    const spec = { ...personal, size: claimant.status?.reserved?.size ?? 'small', claimRef: claimOf(claimant) };
    this.#setWorker({ ...workerTemplate, metadata: this.#meta(name), spec });
  }

  #moveWorker(one: BurstWorker): void {
    const claim = one.spec.claimRef;
    const claimant = claim && this.allocations.get(claim.name);
    if (one.metadata.deletionTimestamp !== undefined) return;
    if (
      claim !== undefined &&
      (claimant?.metadata.uid !== claim.uid || isTrue(claimant.status?.conditions, 'Finished'))
    )
      return this.#chance.isLucky(0.3) && isTrue(one.status?.conditions, 'Ready')
        ? this.#return(one)
        : this.#leave(one);
    const promised = claimant?.status?.workers?.find(({ name }) => name === one.metadata.name);
    if (
      promised !== undefined &&
      !isTrue(one.status?.conditions, 'Admitted') &&
      isTrue(claimant?.status?.conditions, 'QuotaReserved')
    )
      return this.#setWorker(this.#admitted(one, { cpu: promised.cpu ?? '0', memory: promised.memory ?? '0' }));
    const isRunning = isTrue(one.status?.conditions, 'Ready');
    if (isRunning && claim === undefined && this.#chance.isLucky(one.spec.claimable ? 0.1 : 0.5)) this.#leave(one);
    else if (isTrue(one.status?.conditions, 'Admitted')) this.#setWorker(says(one, 'Ready', true, 'Ready'));
  }

  #return(one: BurstWorker): void {
    const { claimRef: _claim, ...spec } = one.spec;
    this.#setWorker({ ...one, spec: { ...spec, claimable: true } });
  }

  #admitted(one: BurstWorker, { cpu, memory }: { cpu: string; memory: string }): BurstWorker {
    return says(
      { ...one, status: { ...one.status, phase: 'Provisioning', resources: { cpu, memory } } },
      'Admitted',
      true,
      'Admitted',
    );
  }

  #leave(one: BurstWorker): void {
    if (one.metadata.deletionTimestamp !== undefined) return;
    this.endsAt.set(one.metadata.name, this.now + LEAVING_MS);
    this.#setWorker(deleting(one));
  }

  #setPool(now: WorkerPool): void {
    const before = this.pool;
    this.pool = now;
    this.office.poolChanged(now, before);
  }

  #anyPool(): WorkerPool {
    const workers = 4 + this.#chance.below(5);
    const ordering = this.#chance.isLucky(0.3) ? 'Strict' : 'BestEffort';
    const made = pool('burst', { limits: { workers, cpu: '30' }, queue: { ordering, ageAfter: '10m' } });
    return { ...made, metadata: { ...made.metadata, generation: ++this.#made } };
  }

  #setAllocation(now: Allocation | undefined, name = now?.metadata.name ?? ''): void {
    const before = this.allocations.get(name);
    if (now === undefined) this.allocations.delete(name);
    else this.allocations.set(name, now);
    if (now === undefined) this.endsAt.delete(name);
    this.office.allocationChanged(now, before);
  }

  #setWorker(now: BurstWorker | undefined, name = now?.metadata.name ?? ''): void {
    const before = this.workers.get(name);
    if (now === undefined) this.workers.delete(name);
    else this.workers.set(name, now);
    this.office.workerChanged(now, before);
  }

  #meta(name: string, more: object = {}): Allocation['metadata'] {
    const uid = `${name}-${this.#chance.below(1_000_000)}`;
    return {
      name,
      uid,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: timestamp(new Date(this.now)),
      ...more,
    };
  }

  #anyOf(map: ReadonlyMap<string, unknown>): string | undefined {
    return map.size === 0 ? undefined : this.#chance.of([...map.keys()]);
  }
}

const allocationTemplate = allocation('any');
const workerTemplate = worker('any');
const personal = worker('any', { pool: 'burst', size: 'small' }).spec;
const warmSpec = worker('any', { pool: 'burst', size: 'small', claimable: true }).spec;
