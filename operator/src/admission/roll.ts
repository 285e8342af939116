import type { Allocation, BurstWorker } from '@cortex/crds';
import { keyOf } from '../kube/object.ts';

/** Every Allocation by its name and by its UID, and the workers that each claims. */
export class Roll {
  readonly #byKey = new Map<string, Allocation>();
  readonly #byUid = new Map<string, Allocation>();
  readonly #claims = new Map<string, Map<string, BurstWorker>>();
  /** UIDs of those that want to take over from the Allocation of this namespace/name. */
  readonly #heirs = new Map<string, Set<string>>();

  at(key: string): Allocation | undefined {
    return this.#byKey.get(key);
  }

  of(uid: string): Allocation | undefined {
    return this.#byUid.get(uid);
  }

  claimsOf(uid: string): readonly BurstWorker[] {
    return [...(this.#claims.get(uid)?.values() ?? [])];
  }

  heirsOf(allocation: Allocation): readonly Allocation[] {
    return [...(this.#heirs.get(keyOf(allocation)) ?? [])].flatMap((uid) => this.#byUid.get(uid) ?? []);
  }

  allocationChanged(now: Allocation | undefined, before: Allocation | undefined): void {
    if (before !== undefined) {
      this.#byKey.delete(keyOf(before));
      this.#byUid.delete(before.metadata.uid);
      removeFrom(this.#heirs, inheritance(before), before.metadata.uid);
    }
    if (now === undefined) return;
    this.#byKey.set(keyOf(now), now);
    this.#byUid.set(now.metadata.uid, now);
    const from = inheritance(now);
    if (from !== undefined) this.#heirs.set(from, (this.#heirs.get(from) ?? new Set()).add(now.metadata.uid));
  }

  workerChanged(now: BurstWorker | undefined, before: BurstWorker | undefined): void {
    removeFrom(this.#claims, before?.spec.claimRef?.uid, before?.metadata.name ?? '');
    const uid = now?.spec.claimRef?.uid;
    if (now === undefined || uid === undefined) return;
    this.#claims.set(uid, (this.#claims.get(uid) ?? new Map<string, BurstWorker>()).set(now.metadata.name, now));
  }
}

const inheritance = ({ spec, metadata }: Allocation): string | undefined =>
  spec.takesOver === undefined || spec.takesOver === '' ? undefined : `${metadata.namespace ?? ''}/${spec.takesOver}`;

function removeFrom(
  groups: Map<string, { delete: (member: string) => boolean; readonly size: number }>,
  key: string | undefined,
  member: string,
): void {
  const group = key === undefined ? undefined : groups.get(key);
  if (key !== undefined && group?.delete(member) === true && group.size === 0) groups.delete(key);
}
