import type { Change, Cluster } from './cluster-port.ts';
import { uriOf } from './resource-uri.ts';

/** Told of what clients may want to read again. */
export interface Hearer {
  updated(uri: string): void;
  listChanged(): void;
}

/** The list is told of at once, and then not again for so long: a burst of new objects is one piece of news, or two. */
const LIST_MS = 250;

/** Changes of allocations and workers as they are seen, for whoever listens. */
export class Notices {
  readonly #hearers = new Set<Hearer>();
  readonly #ends: (() => void)[];
  #listAgain: NodeJS.Timeout | undefined;
  #listDue = false;

  constructor(cluster: Cluster) {
    this.#ends = (['allocations', 'workers'] as const).map((family) =>
      cluster.watchAll(family, (key, change) => this.#tell(uriOf(family, key), change)),
    );
  }

  /** Returns the call that ends it. */
  hear(hearer: Hearer): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  close(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#listAgain);
    this.#hearers.clear();
  }

  #tell(uri: string, change: Change): void {
    if (change !== 'created') for (const hearer of this.#hearers) hearer.updated(uri);
    if (change !== 'updated') this.#tellList();
  }

  #tellList(): void {
    if (this.#listAgain !== undefined) {
      this.#listDue = true;
      return;
    }
    this.#listDue = false;
    for (const hearer of this.#hearers) hearer.listChanged();
    this.#listAgain = setTimeout(() => {
      this.#listAgain = undefined;
      if (this.#listDue) this.#tellList();
    }, LIST_MS);
    this.#listAgain.unref();
  }
}
