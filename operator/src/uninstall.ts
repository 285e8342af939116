import {
  type BurstWorker,
  BurstWorkers,
  FIELD_MANAGER,
  type NodeDrain,
  NodeDrains,
  type WorkerPool,
  WorkerPools,
} from '@cortex/crds';
import type { KubeConfig } from '@kubernetes/client-node';
import { isForbidden, isNotFound } from './kube/errors.ts';
import type { KubeObject, ResourceType } from './kube/object.ts';
import { Reflector } from './kube/reflector.ts';
import { Store } from './kube/store.ts';
import { openTransport, type Transport } from './kube/transport.ts';
import { heldIn, refusal, verdict, waiting } from './uninstall/held.ts';

/**
 * Answers 0 once nothing would hang without the operator: at once, or when what is ending anyway has ended; 1 where somebody must
 * end something first. Reads three kinds, and writes nothing.
 */
export async function mayUninstall(kubeConfig: KubeConfig, say: (text: string) => void): Promise<number> {
  const transport = await openTransport(kubeConfig, { userAgent: `${FIELD_MANAGER}-uninstall` });
  const stop = new AbortController();
  const { promise: refused, reject } = Promise.withResolvers<never>();
  try {
    const follow = <T extends KubeObject>(type: ResourceType<T>): Promise<Store<T>> =>
      followed({ transport, type, signal: stop.signal, refuse: reject, say });
    const following = Promise.all([
      follow<NodeDrain>(NodeDrains),
      follow<BurstWorker>(BurstWorkers),
      follow<WorkerPool>(WorkerPools),
    ]);
    const stores = await Promise.race([following, refused]);
    return await Promise.race([decided(stores, say), refused]);
  } finally {
    stop.abort();
    await transport.close();
  }
}

interface Following<T extends KubeObject> {
  readonly transport: Transport;
  readonly type: ResourceType<T>;
  readonly signal: AbortSignal;
  readonly refuse: (error: unknown) => void;
  readonly say: (text: string) => void;
}

/** A kind that the cluster does not know has no objects; one that may not be read cannot be judged. */
async function followed<T extends KubeObject>({
  transport,
  type,
  signal,
  refuse,
  say,
}: Following<T>): Promise<Store<T>> {
  const store = new Store<T>();
  const { promise: unknown, resolve } = Promise.withResolvers<void>();
  const onProblem = (error: unknown): void => {
    if (isNotFound(error)) resolve();
    else if (isForbidden(error)) refuse(error);
    else
      say(
        `${type.plural} cannot be read, and are tried again: ${error instanceof Error ? error.message : String(error)}\n`,
      );
  };
  const reflector = new Reflector<T>({ transport, type, store, onProblem });
  void reflector.run(signal);
  await Promise.race([reflector.ready, unknown]);
  return store;
}

async function decided(
  [drains, workers, pools]: readonly [Store<NodeDrain>, Store<BurstWorker>, Store<WorkerPool>],
  say: (text: string) => void,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let said = '';
  const look = (): void => {
    const held = heldIn({ drains: drains.list(), workers: workers.list(), pools: pools.list() });
    const now = verdict(held);
    if (now === 'free') return resolve(0);
    const text = now === 'wait' ? waiting(held) : refusal(held);
    if (text !== said) say((said = text));
    if (now === 'refuse') resolve(1);
  };
  for (const store of [drains, workers, pools]) store.onChange(look);
  look();
  return await promise;
}
