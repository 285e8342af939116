import type { Frame } from '../kube/frames.ts';
import type { KubeObject } from '../kube/object.ts';
import type { CallOptions, Method, Query, Transport } from '../kube/transport.ts';

export interface OpenWatch {
  readonly query: Query;
  send(...frames: unknown[]): void;
  end(): void;
  fail(error: Error): void;
}

/** A transport without a network, for tests that own the clock: the test plays the server, watch by watch. */
export class ScriptedTransport implements Transport {
  /** Every watch so far, the newest last. */
  readonly watches: OpenWatch[] = [];
  readonly calls: { readonly method: Method; readonly path: string; readonly options: CallOptions }[] = [];
  /** Answers calls, or throws. */
  answer: (method: Method, path: string, options: CallOptions) => unknown = () => ({});
  /** When set, watches are refused with it. */
  refusal: (() => Error | undefined) | undefined;

  get latest(): OpenWatch {
    const last = this.watches.at(-1);
    if (last === undefined) throw new Error('nothing is being watched');
    return last;
  }

  async call<A>(method: Method, path: string, options: CallOptions = {}): Promise<A> {
    this.calls.push({ method, path, options });
    return (await this.answer(method, path, options)) as A;
  }

  async *watch<T extends KubeObject>(
    _path: string,
    query: Query,
    signal: AbortSignal,
    opened?: () => void,
  ): AsyncGenerator<Frame<T>[], void> {
    const batches: (Frame<T>[] | Error | 'end')[] = [];
    let wake = Promise.withResolvers<void>();
    const put = (batch: Frame<T>[] | Error | 'end'): void => {
      batches.push(batch);
      wake.resolve();
    };
    this.watches.push({
      query,
      send: (...frames) => put(frames as Frame<T>[]),
      end: () => put('end'),
      fail: (error) => put(error),
    });
    signal.addEventListener('abort', () => put(new Error('aborted')));
    const refused = this.refusal?.();
    if (refused !== undefined) throw refused;
    opened?.();
    for (;;) {
      const batch = batches.shift();
      if (batch === 'end') return;
      if (batch instanceof Error) throw batch;
      if (batch !== undefined) yield batch;
      else {
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    }
  }

  async close(): Promise<void> {}
}
