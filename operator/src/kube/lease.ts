import { startTimer } from '../runtime/timer.ts';
import type { KubeClient } from './client.ts';
import { type Lease, Leases } from './core.ts';
import { elapsedMs, type Moment, thisMoment } from './elapsed.ts';
import { isAlreadyExists, isConflict, isNotFound } from './errors.ts';
import { firstLease, isHeldSince, released, renewed, taken } from './lease-record.ts';
import { pause } from './pause.ts';

export interface ElectorOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Stays the same across restarts of one replica, and is never shared by two. */
  readonly identity: string;
  /** How long the lease lasts; default 30 s. */
  readonly durationMs?: number;
  /** Without a renewal for this long it counts as lost; default 20 s. */
  readonly renewDeadlineMs?: number;
  /** Between two looks or renewals; default 2 s. */
  readonly retryMs?: number;
  /** What is written as the time; expiry is never judged by it. */
  readonly now?: () => Date;
  /** Called once, as soon as it is certain that somebody else may act. */
  readonly onLost?: (reason: string) => void;
  readonly onProblem?: (error: unknown) => void;
}

/**
 * One leader by a coordination Lease (contract S10). Another's lease counts as expired only after nothing about it
 * changed for its whole duration before our own eyes: timestamps in it come from clocks that may be wrong.
 */
export class Elector {
  /** Fulfilled when the lease is ours. */
  readonly acquired: Promise<void>;
  readonly #options: Required<Omit<ElectorOptions, 'onLost' | 'onProblem'>> & ElectorOptions;
  readonly #key: string;
  readonly #becameLeader: () => void;
  #state: 'waiting' | 'leading' | 'over' = 'waiting';
  #lease: Lease | undefined;
  #renewedAt: Moment | undefined;
  #seen: { readonly resourceVersion: string; readonly at: number } | undefined;
  #cancelDeadline: () => void = () => undefined;

  constructor(options: ElectorOptions) {
    this.#options = { durationMs: 30_000, renewDeadlineMs: 20_000, retryMs: 2_000, now: () => new Date(), ...options };
    this.#key = `${options.namespace}/${options.name}`;
    ({ promise: this.acquired, resolve: this.#becameLeader } = Promise.withResolvers<void>());
  }

  get leading(): boolean {
    return this.remainingMs() > 0;
  }

  /** Grows with every taking of the lease; 0 before the first. */
  get epoch(): number {
    return this.#lease?.spec?.leaseTransitions ?? 0;
  }

  /** For how long nobody else can hold the lease, counted from before our last renewal was sent; 0 when not leading. */
  remainingMs(): number {
    if (this.#state !== 'leading' || this.#renewedAt === undefined) return 0;
    return Math.max(this.#options.durationMs - elapsedMs(this.#renewedAt), 0);
  }

  /** Waits for the lease, then renews it. Returns when it is lost or the signal ends; a lost lease is not waited for again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#over) {
      await this.#round();
      if (!this.#over) await pause(this.#options.retryMs * (1 + Math.random() / 10), signal);
    }
  }

  /** Gives the lease back, so that the next leader need not wait for its end. Never throws. */
  async release(): Promise<void> {
    const lease = this.#state === 'leading' ? this.#lease : undefined;
    this.#end();
    if (lease === undefined) return;
    try {
      await this.#options.client.update(Leases, released(lease, this.#options.now()));
    } catch (error) {
      this.#options.onProblem?.(error);
    }
  }

  get #over(): boolean {
    return this.#state === 'over';
  }

  async #round(): Promise<void> {
    try {
      await (this.#state === 'leading' ? this.#renew() : this.#acquire());
    } catch (error) {
      if (!this.#over) this.#options.onProblem?.(error);
    }
  }

  async #acquire(): Promise<void> {
    const { client, namespace, name, now } = this.#options;
    const lease = await this.#read();
    if (lease !== undefined && !this.#mayTake(lease)) return;
    const sentAt = thisMoment();
    try {
      const ours = await (lease === undefined
        ? client.create(Leases, firstLease(namespace, name, this.#options, now()))
        : client.update(Leases, taken(lease, this.#options, now())));
      if (this.#state === 'waiting') this.#lead(ours, sentAt);
    } catch (error) {
      // Somebody was faster: look again.
      if (!isConflict(error) && !isAlreadyExists(error)) throw error;
    }
  }

  async #renew(): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) return;
    const sentAt = thisMoment();
    try {
      this.#renewed(await this.#options.client.update(Leases, renewed(lease, this.#options.now())), sentAt);
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      await this.#checkHolder();
    }
  }

  /** A conflict may be our own renewal whose answer was lost. */
  async #checkHolder(): Promise<void> {
    const lease = await this.#read();
    if (lease !== undefined && isHeldSince(lease, this.#options.identity, this.epoch)) this.#lease = lease;
    else
      this.#lose(lease === undefined ? 'the Lease was deleted' : `taken by ${lease.spec?.holderIdentity || 'nobody'}`);
  }

  async #read(): Promise<Lease | undefined> {
    try {
      return await this.#options.client.get(Leases, this.#key);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #mayTake({ metadata, spec }: Lease): boolean {
    if (!spec?.holderIdentity || spec.holderIdentity === this.#options.identity) return true;
    if (this.#seen?.resourceVersion !== metadata.resourceVersion)
      this.#seen = { resourceVersion: metadata.resourceVersion, at: performance.now() };
    const lasts = (spec.leaseDurationSeconds ?? this.#options.durationMs / 1000) * 1000;
    return performance.now() - this.#seen.at >= lasts;
  }

  #lead(lease: Lease, sentAt: Moment): void {
    this.#state = 'leading';
    this.#renewed(lease, sentAt);
    this.#becameLeader();
  }

  #renewed(lease: Lease, sentAt: Moment): void {
    if (this.#state !== 'leading') return;
    this.#lease = lease;
    this.#renewedAt = sentAt;
    this.#cancelDeadline();
    const left = this.#options.renewDeadlineMs - elapsedMs(sentAt);
    this.#cancelDeadline = startTimer(left, () => this.#lose('not renewed before the deadline'));
  }

  #lose(reason: string): void {
    if (this.#state !== 'leading') return;
    this.#end();
    this.#options.onLost?.(reason);
  }

  #end(): void {
    this.#state = 'over';
    this.#cancelDeadline();
  }
}
