import { KubeError } from '../kube/errors.ts';
import { Agenda } from './agenda.ts';
import { backoffMs } from './backoff.ts';
import { Line } from './line.ts';
import type { WakeUp } from './outcome.ts';
import { startTimer } from './timer.ts';

export interface QueueObserver {
  added?(): void;
  depth?(waiting: number): void;
  /** Milliseconds between the first add and the pass. */
  waited?(ms: number): void;
  /** Milliseconds a pass took. */
  worked?(ms: number): void;
  retried?(): void;
}

export interface WorkQueueOptions {
  readonly name: string;
  /** How many keys are worked on at once. */
  readonly workers: number;
  /** A key is looked at no more often than this: at once when it rested so long, else when that is over. */
  readonly spacingMs?: number;
  readonly reconcile: (key: string) => Promise<WakeUp>;
  /** Hears of every failure that is retried; `failures` counts those in a row. */
  readonly onFailure?: (key: string, failure: unknown, failures: number) => void;
  readonly observer?: QueueObserver;
  readonly random?: () => number;
}

const BACKOFF = { baseMs: 200, capMs: 30_000 };
const TURN_MS = 10;

/**
 * Keys to look at. A key that waits is not added twice, a key in flight is in flight once, and an add during its flight
 * means one more pass after it. A pass settles when its key is looked at next; an add in between comes first.
 */
export class WorkQueue {
  readonly name: string;
  readonly #options: WorkQueueOptions;
  readonly #line = new Line();
  /** Keys that wait for a pass, with the time they began to. */
  readonly #waitingSince = new Map<string, number>();
  readonly #inFlight = new Set<string>();
  readonly #failures = new Map<string, number>();
  /** Until when keys are not looked at again, where they are spaced. */
  readonly #spaced = new Map<string, number>();
  readonly #agenda = new Agenda();
  readonly #drained = Promise.withResolvers<void>();
  #state: 'gathering' | 'working' | 'stopped' = 'gathering';
  #alarm: { readonly at: number; readonly cancel: () => void } | undefined;
  #turnStartedAt = 0;
  #turnEnding = false;

  constructor(options: WorkQueueOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** How many keys wait for a worker. */
  get depth(): number {
    return this.#waitingSince.size;
  }

  /** Adds gather until then. */
  start(): void {
    if (this.#state !== 'gathering') return;
    this.#state = 'working';
    this.#pump();
  }

  add(key: string): void {
    if (this.#state === 'stopped') return;
    this.#options.observer?.added?.();
    if (this.#waitingSince.has(key)) return;
    const now = performance.now();
    const spacedUntil = this.#spaced.get(key) ?? now;
    if (spacedUntil > now) return this.addAfter(key, spacedUntil - now);
    this.#waitingSince.set(key, now);
    if (!this.#inFlight.has(key)) this.#line.push(key);
    this.#options.observer?.depth?.(this.depth);
    this.#pump();
  }

  /** Adds the key before all that wait: what it waited for has just come, and may not stay for long. */
  addFirst(key: string): void {
    if (this.#state === 'stopped') return;
    this.#line.putFirst(key);
    this.add(key);
    this.#pump();
  }

  /** Adds the key after `ms`, or at the moment already set when that is earlier. */
  addAfter(key: string, ms: number): void {
    if (this.#state === 'stopped') return;
    this.#agenda.add(key, performance.now() + ms);
    this.#setAlarm();
  }

  /** Forgets wake-ups and failures of the key: nothing happens until it is added again. */
  rest(key: string): void {
    this.#agenda.delete(key);
    this.#failures.delete(key);
  }

  /** Takes no more keys, drops those that wait, and says whether those in flight ended within `graceMs`. */
  async stop(graceMs: number): Promise<boolean> {
    this.#state = 'stopped';
    this.#line.clear();
    this.#waitingSince.clear();
    this.#agenda.clear();
    this.#alarm?.cancel();
    if (this.#inFlight.size === 0) return true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = startTimer(graceMs, resolve);
    await Promise.race([this.#drained.promise, late]);
    cancel();
    return this.#inFlight.size === 0;
  }

  #pump(): void {
    while (this.#state === 'working' && this.#inFlight.size < this.#options.workers && !this.#line.isEmpty) {
      if (this.#yieldsTurn()) return;
      const key = this.#line.take((each) => this.#isReady(each));
      if (key === undefined) return;
      void this.#work(key);
    }
  }

  #isReady(key: string): boolean {
    return this.#waitingSince.has(key) && !this.#inFlight.has(key);
  }

  /** Passes that find everything in the store never leave the microtask queue: without this they would starve timers and probes. */
  #yieldsTurn(): boolean {
    if (this.#turnEnding) return true;
    if (performance.now() - this.#turnStartedAt < TURN_MS) return false;
    this.#turnEnding = true;
    setImmediate(() => {
      this.#turnEnding = false;
      this.#turnStartedAt = performance.now();
      this.#pump();
    });
    return true;
  }

  async #work(key: string): Promise<void> {
    const startedAt = performance.now();
    this.#begin(key, startedAt);
    const next = await this.#pass(key);
    this.#options.observer?.worked?.(performance.now() - startedAt);
    this.#end(key, next);
    this.#pump();
  }

  #begin(key: string, now: number): void {
    const { observer } = this.#options;
    observer?.waited?.(now - (this.#waitingSince.get(key) ?? now));
    this.#waitingSince.delete(key);
    this.#agenda.delete(key);
    this.#inFlight.add(key);
    this.#space(key, now);
    observer?.depth?.(this.depth);
  }

  #space(key: string, now: number): void {
    const { spacingMs } = this.#options;
    if (spacingMs !== undefined) this.#spaced.set(key, now + spacingMs);
  }

  async #pass(key: string): Promise<WakeUp> {
    try {
      return await this.#options.reconcile(key);
    } catch (failure) {
      return { kind: 'backoff', failure };
    }
  }

  #end(key: string, next: WakeUp): void {
    this.#inFlight.delete(key);
    if (this.#state === 'stopped') {
      if (this.#inFlight.size === 0) this.#drained.resolve();
      return;
    }
    if (next.kind === 'backoff') this.#retry(key, next.failure);
    else this.#failures.delete(key);
    if (next.kind === 'after') this.addAfter(key, next.ms);
    if (this.#waitingSince.has(key)) this.#line.push(key);
  }

  #retry(key: string, failure: unknown): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#options.observer?.retried?.();
    this.#options.onFailure?.(key, failure, failures + 1);
    const asked = failure instanceof KubeError ? (failure.retryAfterMs ?? 0) : 0;
    this.addAfter(key, asked + backoffMs(BACKOFF, failures, this.#options.random));
  }

  #setAlarm(): void {
    const at = this.#agenda.next;
    if (at === undefined || (this.#alarm !== undefined && this.#alarm.at <= at)) return;
    this.#alarm?.cancel();
    this.#alarm = { at, cancel: startTimer(at - performance.now(), () => this.#ring()) };
  }

  #ring(): void {
    this.#alarm = undefined;
    for (const key of this.#agenda.take(performance.now())) this.add(key);
    this.#setAlarm();
  }
}
