import { backoffMs } from '../runtime/backoff.ts';
import { isGone, isInvalid, KubeError } from './errors.ts';
import type { Frame } from './frames.ts';
import { keyOf, type KubeObject, type ResourceType } from './object.ts';
import { Outage, type OutageListener } from './outage.ts';
import { collectionPath } from './paths.ts';
import { pause } from './pause.ts';
import { fromFrame } from './refusal.ts';
import { isNewer } from './resource-version.ts';
import type { Store } from './store.ts';
import { timeLimit } from './time-limit.ts';
import type { Query, Transport } from './transport.ts';

export interface ReflectorObserver {
  /** The whole kind is being read. */
  listed?(): void;
  /** The watch ended, for whatever reason, and is opened again. */
  restarted?(): void;
}

export interface ReflectorOptions<T extends KubeObject> extends OutageListener {
  readonly transport: Transport;
  readonly type: ResourceType<T>;
  readonly store: Store<T>;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** How the whole kind is read: streamed (WatchList), or in pages where the server does not stream. */
  readonly initial?: 'stream' | 'pages';
  readonly observer?: ReflectorObserver;
}

interface Page<T> {
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

const BACKOFF = { baseMs: 200, capMs: 5_000 };
const LONGEST_RETRY_AFTER_MS = 30_000;
const SHORT_WATCH_MS = 1_000;
/** A watch from a version that the server has not reached (etcd restored) is silent without an error. */
const SILENCE_MS = 5 * 60_000;
const PAGE = 500;

/** Keeps a store equal to the server, through cut watches, expired versions and outages, until it is told to stop. */
export class Reflector<T extends KubeObject> {
  /** Fulfilled by the first complete list; pending while the server does not know the kind. */
  readonly ready: Promise<void>;
  readonly name: string;
  readonly #options: ReflectorOptions<T>;
  readonly #path: string;
  readonly #outage: Outage;
  readonly #becameReady: () => void;
  #initial: 'stream' | 'pages';
  /** Where to go on; empty: read the whole kind. */
  #from = '';
  #highest = '0';
  #failures = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.name = options.type.plural;
    this.#path = collectionPath(options.type, options.namespace);
    this.#initial = options.initial ?? 'stream';
    this.#outage = new Outage(options);
    ({ promise: this.ready, resolve: this.#becameReady } = Promise.withResolvers<void>());
  }

  /** How long the watch has been closed, in milliseconds; 0 while it is open. */
  get outageMs(): number {
    return this.#outage.ms;
  }

  /** Time since the last frame, in milliseconds; about a minute is normal for a quiet kind. */
  get contactAgeMs(): number {
    return this.#outage.contactAgeMs;
  }

  /** May the copy be used to destroy something? Not after 30 s without a watch, until the whole kind was read again (contract S8). */
  get settled(): boolean {
    return this.#options.store.synced && this.#from !== '' && !this.#outage.frozen;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAt = performance.now();
      const failure = await this.#turn(signal);
      if (signal.aborted) return;
      this.#outage.begin();
      this.#options.observer?.restarted?.();
      await pause(this.#pauseAfter(failure, performance.now() - startedAt), signal);
    }
  }

  async #turn(signal: AbortSignal): Promise<unknown> {
    try {
      if (this.#outage.needsResync) this.#from = '';
      if (this.#from === '') this.#options.observer?.listed?.();
      if (this.#from === '' && this.#initial === 'pages') await this.#readPages(signal);
      await this.#follow(signal);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #readPages(signal: AbortSignal): Promise<void> {
    const objects = new Map<string, T>();
    let page: Page<T> | undefined;
    do {
      const query: Query = { ...this.#selection(), limit: PAGE, continue: page?.metadata.continue };
      page = await this.#options.transport.call<Page<T>>('GET', this.#path, { query, signal, retry: false });
      // Items of a list do not carry what the list says once.
      for (const item of page.items)
        objects.set(keyOf(item), { ...item, apiVersion: page.apiVersion, kind: this.#options.type.kind });
      this.#outage.contact();
    } while (page.metadata.continue);
    this.#complete(objects, page.metadata.resourceVersion);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    using silence = timeLimit(SILENCE_MS, signal);
    let filling = this.#from === '' ? new Map<string, T>() : undefined;
    const opened = (): void => this.#outage.end();
    try {
      for await (const frames of this.#options.transport.watch<T>(this.#path, this.#query(), silence.signal, opened)) {
        silence.refresh();
        this.#outage.contact();
        for (const frame of frames) filling = this.#take(frame, filling);
      }
    } catch (error) {
      if (!silence.expired) throw error;
      this.#from = '';
      throw new KubeError(`WATCH ${this.#path}`, { status: 0, reason: 'Silent', message: 'no frame for five minutes' });
    }
  }

  /** Returns what is still being filled: until the server says so, a stream of initial objects is not the whole kind. */
  #take(frame: Frame<T>, filling: Map<string, T> | undefined): Map<string, T> | undefined {
    if (frame.type === 'ERROR') throw fromFrame(`WATCH ${this.#path}`, frame.object);
    this.#failures = 0;
    if (filling !== undefined) return this.#fill(frame, filling);
    if (frame.type === 'DELETED') this.#options.store.forget(frame.object);
    else if (frame.type !== 'BOOKMARK') this.#options.store.learn(frame.object);
    this.#advance(frame.object.metadata.resourceVersion);
    return undefined;
  }

  #fill(frame: Exclude<Frame<T>, { type: 'ERROR' }>, filling: Map<string, T>): Map<string, T> | undefined {
    if (frame.type === 'BOOKMARK') {
      if (frame.object.metadata.annotations?.['k8s.io/initial-events-end'] !== 'true') return filling;
      this.#complete(filling, frame.object.metadata.resourceVersion);
      return undefined;
    }
    if (frame.type === 'DELETED') filling.delete(keyOf(frame.object));
    else filling.set(keyOf(frame.object), frame.object);
    return filling;
  }

  #complete(objects: ReadonlyMap<string, T>, resourceVersion: string): void {
    const rewound = isNewer(this.#highest, resourceVersion);
    this.#options.store.replace(objects, resourceVersion, rewound);
    this.#from = resourceVersion;
    this.#highest = resourceVersion;
    this.#becameReady();
  }

  /** Frames may come twice or out of order; the place to go on never moves back. */
  #advance(resourceVersion: string): void {
    if (!isNewer(resourceVersion, this.#from)) return;
    this.#from = resourceVersion;
    this.#highest = resourceVersion;
    this.#options.store.advance(resourceVersion);
  }

  #query(): Query {
    const common = {
      ...this.#selection(),
      allowWatchBookmarks: true,
      timeoutSeconds: 240 + Math.floor(Math.random() * 50),
    };
    return this.#from === ''
      ? { ...common, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : { ...common, resourceVersion: this.#from };
  }

  #selection(): Query {
    return { labelSelector: this.#options.labelSelector, fieldSelector: this.#options.fieldSelector };
  }

  /** Milliseconds until the next turn. */
  #pauseAfter(failure: unknown, lastedMs: number): number {
    if (failure === undefined && lastedMs >= SHORT_WATCH_MS) return 0;
    if (this.#startOver(failure)) return 0;
    if (failure !== undefined) this.#outage.tell(failure);
    // What the server asks for is no failure of ours: doubling here kept copies stale long after restarts.
    const asked = failure instanceof KubeError ? failure.retryAfterMs : undefined;
    return asked === undefined ? backoffMs(BACKOFF, this.#failures++) : Math.min(asked, LONGEST_RETRY_AFTER_MS);
  }

  /** An expired version, and a server that does not stream lists, are answered by reading the kind another way. */
  #startOver(failure: unknown): boolean {
    if (isGone(failure) && this.#from !== '') {
      this.#from = '';
      return true;
    }
    const refusedStream = isInvalid(failure) || (failure instanceof KubeError && failure.status === 400);
    if (!refusedStream || this.#from !== '' || this.#initial === 'pages') return false;
    this.#initial = 'pages';
    return true;
  }
}
