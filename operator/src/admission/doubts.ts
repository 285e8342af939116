import { isNotFound, KubeError } from '../kube/errors.ts';
import type { Kind } from '../kube/kind.ts';
import { keyOf, type KubeObject } from '../kube/object.ts';
import { publish } from '../published.ts';

/** Writes that give capacity away, and those of them of which nobody knows whether they happened (contract A4). */
export class Doubts {
  readonly #open: (() => Promise<void>)[] = [];

  async publish<T extends KubeObject & { status?: unknown }>(
    kind: Kind<T>,
    object: T,
    status: T['status'],
  ): Promise<void> {
    await this.write(kind, object, async () => void (await publish(kind, object, status)));
  }

  /** A write under the version of the object. Where it was not answered it may have happened, or happen yet. */
  async write<T extends KubeObject>(kind: Kind<T>, object: T, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isRefusal(error)) this.#open.push(() => settle(kind, object, write));
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
async function settle<T extends KubeObject>(kind: Kind<T>, object: T, write: () => Promise<void>): Promise<void> {
  if ((await learned(kind, object)) !== object.metadata.resourceVersion) return;
  await write().catch(async (error: unknown) => {
    if (!isRefusal(error)) throw error;
    await learned(kind, object); // the first one came through between the look and the repetition
  });
}

/** At which version the object is now, which is known here from then on; undefined where it is gone. */
async function learned<T extends KubeObject>(kind: Kind<T>, object: T): Promise<string | undefined> {
  const live = await liveOrGone(kind, object);
  if (live !== undefined) kind.store.learn(live);
  return live?.metadata.resourceVersion;
}

/** The object as the API server has it now; undefined where it has none. */
export const liveOrGone = async <T extends KubeObject>(kind: Kind<T>, object: T): Promise<T | undefined> =>
  await kind.live(keyOf(object)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });

/** The API server said no: nothing happened. */
const isRefusal = (error: unknown): boolean => error instanceof KubeError && error.status >= 400 && error.status < 500;
