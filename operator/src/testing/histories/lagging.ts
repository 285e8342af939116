import type { Kind } from '../../kube/kind.ts';
import { keyOf, type KubeObject } from '../../kube/object.ts';
import type { MemoryApiServer } from '../simulation/api-server.ts';

/** The copies of one run of the operator, each as far behind the server as chance has it. */
export class LaggingCopies {
  readonly #behind = new Map<string, (() => void)[]>();
  readonly #unwatch: (() => void)[];

  constructor(server: MemoryApiServer, kinds: object) {
    this.#unwatch = (Object.values(kinds) as Kind<KubeObject>[]).map(({ type, store }) => {
      const waiting: (() => void)[] = [];
      this.#behind.set(type.plural, waiting);
      store.replace(new Map(server.list(type).map((object) => [keyOf(object), object])), server.version);
      return server.watch(type, (event, object) => {
        waiting.push(() => {
          if (event === 'deleted') store.forget(object);
          else store.learn(object);
          store.advance(object.metadata.resourceVersion);
        });
      });
    });
  }

  /** Kinds that are behind. */
  get behind(): string[] {
    return [...this.#behind].filter(([, waiting]) => waiting.length > 0).map(([plural]) => plural);
  }

  /** Lets the copy of a kind see this many of the changes it has not seen. */
  catchUp(plural: string, most = Number.POSITIVE_INFINITY): void {
    for (const show of this.#behind.get(plural)?.splice(0, most) ?? []) show();
  }

  catchUpAll(): void {
    for (const plural of this.#behind.keys()) this.catchUp(plural);
  }

  end(): void {
    for (const unwatch of this.#unwatch) unwatch();
  }
}
