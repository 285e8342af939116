import { type Followed } from '@cortex/e2e/system/cluster';
import type { KubeObject } from '@cortex/operator/kube/object';
import { Incomplete } from './measured.ts';

/** Counts, event by event, the keys of a kind of which something holds (undefined: the object went), and when it first did. */
export class Tally<T extends KubeObject> {
  /** Monotonic milliseconds by key. */
  readonly since = new Map<string, number>();
  readonly #what: string;
  readonly #end: () => void;
  #goal: { readonly count: number; readonly reached: (at: number) => void } | undefined;

  constructor(what: string, followed: Followed<T>, holds: (now: T | undefined) => boolean) {
    this.#what = what;
    this.#end = followed.store.onChange((key, now) => {
      if (this.since.has(key) || !holds(now)) return;
      const at = performance.now();
      this.since.set(key, at);
      if (this.#goal !== undefined && this.since.size >= this.#goal.count) this.#goal.reached(at);
    });
  }

  /** The moment when the count was reached; throws Incomplete when it was not within the time. */
  async reaches(count: number, timeoutMs: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#goal = { count, reached: resolve };
    if (this.since.size >= count) resolve(performance.now());
    const timer = setTimeout(
      () => reject(new Incomplete(`${this.since.size} of ${count} ${this.#what} after ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    return await promise.finally(() => {
      clearTimeout(timer);
      this.#end();
    });
  }
}
