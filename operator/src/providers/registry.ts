import type { VmProvider } from './provider.ts';

/** The providers of this build, by type. */
export class Providers {
  readonly #byType: ReadonlyMap<string, VmProvider>;

  constructor(providers: readonly VmProvider[]) {
    this.#byType = new Map(providers.map((provider) => [provider.kind, provider]));
  }

  of(type: string): VmProvider | undefined {
    return this.#byType.get(type);
  }

  /** Why pools of this type make no workers here, naming the types that do; undefined when they do. */
  lacks(type: string): string | undefined {
    if (this.#byType.has(type)) return undefined;
    const types = [...this.#byType.keys()].toSorted().join(', ') || 'none';
    return `This build has no provider ${type}; it has: ${types}`;
  }
}
