import { FIELD_MANAGER, type McpServer } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import type { Workload } from '../kube/apps.ts';
import { keyOf } from '../kube/object.ts';
import { type Kinds, workloadsOf } from '../stores.ts';
import { foundForeign, type History, remembered, writerOf, wrote } from './conflict.ts';
import { replicasOf } from './workload.ts';

/** Knows who set the replicas of each server's workload last. What it forgets in a restart, managedFields still know. */
export class Witness {
  readonly #kinds: Kinds;
  readonly #now: () => Date;
  readonly #histories = new Map<string, History>();

  constructor(kinds: Kinds, now: () => Date) {
    this.#kinds = kinds;
    this.#now = now;
  }

  /** The API server is asked only when the number is not the one last seen: then its managedFields tell who it was. */
  async history(server: McpServer, workload: Workload, autoscaler: string | undefined): Promise<History> {
    const key = keyOf(server);
    const known = this.#histories.get(key) ?? this.#fromStatus(server, workload);
    const history = replicasOf(workload) === known.replicas ? known : await this.#changed(known, workload, autoscaler);
    this.#histories.set(key, history);
    return history;
  }

  keep(server: McpServer, history: History): void {
    this.#histories.set(keyOf(server), history);
  }

  /** Scales through /scale, which touches nothing else, and exactly the workload that was seen. */
  async scale(server: McpServer, workload: Workload, replicas: number, guarded: boolean): Promise<void> {
    const { uid, resourceVersion } = workload.metadata;
    const kind = workloadsOf(this.#kinds, workload.kind);
    const answer = await kind.patchSubresource(workload, 'scale', {
      metadata: guarded ? { uid, resourceVersion } : { uid },
      spec: { replicas },
    });
    const before = this.#histories.get(keyOf(server)) ?? this.#fromStatus(server, workload);
    this.keep(server, wrote(before, replicas, this.#now().getTime()));
    const known = kind.get(keyOf(workload)) ?? workload;
    const generation = (known.metadata.generation ?? 0) + (replicasOf(known) === replicas ? 0 : 1);
    kind.store.learn({
      ...known,
      metadata: { ...known.metadata, generation, resourceVersion: answer.metadata.resourceVersion },
      spec: { ...known.spec, replicas },
    });
  }

  forget(key: string): void {
    this.#histories.delete(key);
  }

  #fromStatus({ status }: McpServer, workload: Workload): History {
    const conflict = conditionOf(status?.conditions, 'ScaleConflict');
    const conflicted = conflict?.status === 'True' && conflict.reason === 'ScaleConflict';
    return remembered(status?.effective?.replicas ?? replicasOf(workload), conflicted, this.#now().getTime());
  }

  async #changed(known: History, workload: Workload, autoscaler: string | undefined): Promise<History> {
    const now = this.#now().getTime();
    if (autoscaler !== undefined) return { ...known, replicas: replicasOf(workload), by: autoscaler, at: now };
    const live = await workloadsOf(this.#kinds, workload.kind).live(keyOf(workload));
    const [replicas, by] = [replicasOf(live), writerOf(live)];
    if (replicas === known.replicas) return known;
    return by === FIELD_MANAGER ? { ...known, replicas, by, at: now } : foundForeign(known, replicas, by, now);
  }
}
