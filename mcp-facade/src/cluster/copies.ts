import type { KubeObject, ResourceType } from '@cortex/operator/kube/object';
import { pause } from '@cortex/operator/kube/pause';
import { Reflector } from '@cortex/operator/kube/reflector';
import { Store } from '@cortex/operator/kube/store';
import type { Transport } from '@cortex/operator/kube/transport';
import { ClusterError } from '../cluster-error.ts';
import type { ClusterObserver } from '../cluster-port.ts';
import { type KindName, KINDS, type Objects } from '../kinds.ts';
import { LOOKUPS } from '../lookups.ts';
import { translated } from './refusals.ts';
import { trimmed } from './trim.ts';

/** How long a read waits for the first complete copy of a kind. */
const FIRST_COPY_MS = 5_000;

/** The copy of one kind, and what keeps it. */
interface Copy<T extends KubeObject> {
  readonly store: Store<T>;
  readonly reflector: Reflector<T>;
  /** Why it cannot be kept at the moment. */
  trouble: ClusterError | undefined;
}

/** Copies of all kinds, kept equal to the API server by one watch each. */
export class Copies {
  /** Every kind has been read whole. */
  readonly ready: Promise<void>;
  readonly #of: { readonly [K in KindName]: Copy<Objects[K]> };
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[];

  constructor(transport: Transport, observer: ClusterObserver) {
    const copy = <K extends KindName>(kind: K): Copy<Objects[K]> => copyOf(kind, transport, observer);
    this.#of = {
      allocations: copy('allocations'),
      workers: copy('workers'),
      pools: copy('pools'),
      drains: copy('drains'),
      servers: copy('servers'),
      wishes: copy('wishes'),
    };
    const reflectors = Object.values(this.#of).map(({ reflector }) => reflector);
    this.ready = Promise.all(reflectors.map((each) => each.ready)).then(() => undefined);
    this.#running = reflectors.map((each) => each.run(this.#stop.signal));
  }

  /** For how long they may have missed something, in milliseconds. */
  get outageMs(): number {
    return Math.max(...Object.values(this.#of).map(({ reflector }) => reflector.outageMs));
  }

  /** What is known of a kind, whole or not. */
  known<K extends KindName>(kind: K): Store<Objects[K]> {
    return this.#of[kind].store;
  }

  /** The whole kind, as soon as it has been read once. Throws ClusterError where that takes too long. */
  async whole<K extends KindName>(kind: K): Promise<Store<Objects[K]>> {
    const copy = this.#of[kind];
    if (!copy.store.synced && copy.trouble === undefined) await this.#firstCopy(kind);
    if (copy.store.synced) return copy.store;
    throw copy.trouble ?? new ClusterError('unavailable', `${KINDS[kind].plural} could not be read in time`);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #firstCopy(kind: KindName): Promise<void> {
    const waiting = new AbortController();
    await Promise.race([this.#of[kind].reflector.ready, pause(FIRST_COPY_MS, waiting.signal)]);
    waiting.abort();
  }
}

function copyOf<K extends KindName>(kind: K, transport: Transport, observer: ClusterObserver): Copy<Objects[K]> {
  const type: ResourceType<Objects[K]> = KINDS[kind];
  const store = new Store<Objects[K]>({ transform: trimmed, indexes: LOOKUPS });
  const reflector = new Reflector<Objects[K]>({
    transport,
    type,
    store,
    onProblem: (error) => {
      copy.trouble = translated(error, { verb: 'watch', type: KINDS[kind], key: '' });
      observer.trouble?.(type.plural, copy.trouble);
    },
    onRecovered: (ms) => {
      copy.trouble = undefined;
      observer.recovered?.(type.plural, ms);
    },
  });
  const copy: Copy<Objects[K]> = { store, reflector, trouble: undefined };
  return copy;
}
