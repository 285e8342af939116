import type { WorkerPool } from '@cortex/crds';
import type { VmProvider } from './provider.ts';

/** A type of provider, and how the provider of a pool is had: from the pool's settings and the Secrets they name. */
export interface ProviderKind {
  readonly type: string;
  /** Whether it may be out of reach while the API server is not: then somebody has to look. */
  readonly elsewhere: boolean;
  open(pool: WorkerPool): Promise<VmProvider>;
}

/** A provider that is the same for all pools, and whose endpoint is the API server. */
export const always = (provider: VmProvider): ProviderKind => ({
  type: provider.kind,
  elsewhere: false,
  open: async () => provider,
});

/** The providers of this build, by type. */
export class Providers {
  readonly #byType: ReadonlyMap<string, ProviderKind>;

  constructor(kinds: readonly ProviderKind[]) {
    this.#byType = new Map(kinds.map((kind) => [kind.type, kind]));
  }

  /** Throws a ProviderError when the pool's settings cannot be used; undefined when this build has none of its type. */
  async open(pool: WorkerPool): Promise<VmProvider | undefined> {
    return await this.#byType.get(pool.spec.provider?.type ?? '')?.open(pool);
  }

  /** Whether the provider of this pool has to be looked after. */
  isElsewhere(pool: WorkerPool): boolean {
    return this.#byType.get(pool.spec.provider?.type ?? '')?.elsewhere ?? false;
  }

  /** Why pools of this type make no workers here, naming the types that do; undefined when they do. */
  lacks(type: string): string | undefined {
    if (this.#byType.has(type)) return undefined;
    const types = [...this.#byType.keys()].toSorted().join(', ') || 'none';
    return `This build has no provider ${type}; it has: ${types}`;
  }
}
