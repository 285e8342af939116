import type { KubeClient } from '../kube/client.ts';
import { type Node, PersistentVolumeClaims } from '../kube/core.ts';
import { isNotFound } from '../kube/errors.ts';
import { INDEX, type Kinds } from '../stores.ts';
import type { Judged } from './pod-class.ts';
import { claimsOf, keepsVolumes, leftAttached } from './volumes.ts';

/** Volumes that are attached to a Node although no pod that stays uses them (contract D15). */
export class AttachedVolumes {
  readonly #kinds: Kinds;
  readonly #client: KubeClient;

  constructor(kinds: Kinds, client: KubeClient) {
    this.#kinds = kinds;
    this.#client = client;
  }

  /** By name, sorted. Claims are read one by one, of pods that stay alone: few Nodes have any. */
  async to({ metadata: { name } }: Node, judged: Judged): Promise<string[]> {
    const attachments = this.#kinds.attachments.store.byIndex(INDEX.node, name);
    if (attachments.length === 0) return [];
    const staying = this.#kinds.pods.store.byIndex(INDEX.node, name).filter((pod) => keepsVolumes(pod, judged));
    const kept = await Promise.all(staying.flatMap(claimsOf).map((claim) => this.#volumeOf(claim)));
    return leftAttached(attachments, new Set(kept.flatMap((volume) => volume ?? [])));
  }

  async #volumeOf(claim: string): Promise<string | undefined> {
    try {
      return (await this.#client.get(PersistentVolumeClaims, claim)).spec.volumeName;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
