import type { ClusterError } from '../cluster-error.ts';
import type { OpenCluster } from '../cluster-port.ts';

/** Stands for a cluster that could not be opened: a desktop client still sees the tools, and each call says what is missing. */
export class AbsentCluster implements OpenCluster {
  readonly ready = new Promise<never>(() => undefined);
  readonly namespace = 'default';
  readonly outageMs = Number.POSITIVE_INFINITY;
  readonly #why: ClusterError;

  constructor(why: ClusterError) {
    this.#why = why;
  }

  get(): Promise<never> {
    return Promise.reject(this.#why);
  }

  list(): Promise<never> {
    return Promise.reject(this.#why);
  }

  find(): Promise<never> {
    return Promise.reject(this.#why);
  }

  count(): Promise<never> {
    return Promise.reject(this.#why);
  }

  watch(): () => void {
    return () => undefined;
  }

  watchAll(): () => void {
    return () => undefined;
  }

  create(): Promise<never> {
    return Promise.reject(this.#why);
  }

  delete(): Promise<never> {
    return Promise.reject(this.#why);
  }

  self(): Promise<never> {
    return Promise.reject(this.#why);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
