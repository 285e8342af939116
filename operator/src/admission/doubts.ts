import { isNotFound, KubeError } from '../kube/errors.ts';
import type { Kind } from '../kube/kind.ts';
import { keyOf, type KubeObject } from '../kube/object.ts';
import { publish } from '../published.ts';

/** A write that gives capacity away. Where it was not answered it may have happened, or happen yet. */
interface Doubt<T extends KubeObject & { status?: unknown }> {
  readonly kind: Kind<T>;
  readonly object: T;
  readonly status: T['status'];
}

/** Writes that give capacity away, and those of them of which nobody knows whether they happened (contract A4). */
export class Doubts {
  readonly #open: (() => Promise<void>)[] = [];

  async publish<T extends KubeObject & { status?: unknown }>(
    kind: Kind<T>,
    object: T,
    status: T['status'],
  ): Promise<void> {
    try {
      await publish(kind, object, status);
    } catch (error) {
      if (!isRefusal(error)) this.#open.push(() => settle({ kind, object, status }));
      throw error;
    }
  }

  /**
   * A write whose answer was lost is settled before anything else is decided: its object is read, and where it is still
   * the version that was written upon, the write is repeated, which makes an end of the first one.
   */
  async settle(): Promise<void> {
    for (let doubt = this.#open[0]; doubt !== undefined; doubt = this.#open[0]) {
      await doubt();
      this.#open.shift();
    }
  }
}

/** Afterwards the write is known to have happened, or to happen never more. */
async function settle<T extends KubeObject & { status?: unknown }>({ kind, object, status }: Doubt<T>): Promise<void> {
  const live = await liveOrGone(kind, object);
  if (live === undefined) return;
  kind.store.learn(live);
  if (live.metadata.resourceVersion !== object.metadata.resourceVersion) return;
  await publish(kind, object, status).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
  });
}

/** The object as the API server has it now; undefined where it has none. */
export const liveOrGone = async <T extends KubeObject>(kind: Kind<T>, object: T): Promise<T | undefined> =>
  await kind.live(keyOf(object)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });

/** The API server said no: nothing happened. */
const isRefusal = (error: unknown): boolean => error instanceof KubeError && error.status >= 400 && error.status < 500;
