import { isConflict, isNotFound } from '../kube/errors.ts';
import { eachBounded } from '../runtime/bounded.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { ledger } from './ledger.ts';
import type { Office } from './office.ts';
import type { Verdict } from './verdict.ts';
import { AdmissionWrites } from './writes.ts';

const IN_FLIGHT = 64;
const AUDIT_EVERY_MS = 60_000;
const RETRY_MS = 1_000;
const TAKES_AWAY: ReadonlySet<Verdict['kind']> = new Set(['Preempt', 'Retire']);

export interface AdmissionLoopOptions {
  readonly kinds: Kinds;
  readonly office: Office;
  /** Throws when this process may not make a write that reserves, because its lease could end meanwhile (contract S10). */
  readonly fence: () => void;
  /** Why nothing may be destroyed now; undefined while time and copies can be trusted (contracts T7, S8). */
  readonly frozen: () => string | undefined;
  /** Hears of every verdict, when it is carried out. */
  readonly onVerdict?: (verdict: Verdict, ms: number) => void;
  /** Hears how many pools' ledgers were not what they are from scratch. */
  readonly onAudit?: (drifted: readonly string[]) => void;
}

/**
 * The one loop that gives capacity away (contracts C5, A4). A pass decides about what changed, writes in parallel, and
 * ends when every write is answered; what could not be written is looked at again in the next pass.
 */
export class AdmissionLoop {
  readonly #options: AdmissionLoopOptions;
  readonly #writes: AdmissionWrites;
  #auditedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AdmissionLoopOptions) {
    this.#options = options;
    this.#writes = new AdmissionWrites(options.kinds, options.office);
  }

  /** One pass. Answers in how many milliseconds the next one is due if nothing happens. */
  async pass(now: Date): Promise<number> {
    const { fence, office } = this.#options;
    fence();
    await this.#writes.settle();
    this.#audit(now);
    const failures = await eachBounded(
      office.pass(now),
      IN_FLIGHT,
      async (verdict) => await this.#perform(verdict, now),
    );
    if (failures[0] !== undefined) throw failures[0];
    return this.#untilNext(now);
  }

  /** A lost race is looked at again as soon as the winner's version is here; anything else is a failure of the pass. */
  async #perform(verdict: Verdict, now: Date): Promise<void> {
    const startedAt = performance.now();
    const { office, frozen } = this.#options;
    if (TAKES_AWAY.has(verdict.kind) && frozen() !== undefined) return office.again(verdict);
    try {
      await this.#writes.perform(verdict, now);
      this.#options.onVerdict?.(verdict, performance.now() - startedAt);
    } catch (error) {
      office.again(verdict);
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }

  /** The ledgers are compared with what they are from scratch, and put right if need be (contract A1). */
  #audit(now: Date): void {
    if (now.getTime() - this.#auditedAt < AUDIT_EVERY_MS) return;
    this.#auditedAt = now.getTime();
    const { kinds, office, onAudit } = this.#options;
    const allocations = kinds.allocations.store.list();
    const takers = allocations.filter(({ status }) => status?.tookOver !== undefined);
    const drifted = kinds.pools.store.list().filter((pool) => {
      const { name } = pool.metadata;
      const here = kinds.allocations.store.byIndex(INDEX.pool, name);
      const scratch = ledger(pool, kinds.workers.store.byIndex(INDEX.pool, name), [...here, ...takers]);
      return !office.books.of(name).agrees(scratch);
    });
    onAudit?.(drifted.map(({ metadata }) => metadata.name));
    if (drifted.length > 0) office.books.begin(kinds.pools.store.list(), kinds.workers.store.list(), allocations);
  }

  #untilNext(now: Date): number {
    const { hasWork, nextMoment } = this.#options.office;
    if (hasWork) return RETRY_MS; // what was lost to a race; the event that won it comes sooner
    const moments = [this.#auditedAt + AUDIT_EVERY_MS, ...(nextMoment === undefined ? [] : [nextMoment])];
    return Math.max(0, Math.min(...moments) - now.getTime());
  }
}
