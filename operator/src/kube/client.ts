import type { Draft, KubeObject, ResourceType } from './object.ts';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions {
  /** Deletes only the object with this UID (409 otherwise). */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * Calls on the Kubernetes API. Keys are `namespace/name`, or `name` for cluster-scoped kinds.
 * Every method throws KubeError with the server's status, reason and Retry-After.
 */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType<T>, key: string): Promise<T>;
  /** Pages through the live list (500 a page); items carry apiVersion and kind. */
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<T[]>;
  create<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): Promise<T>;
  /** Replaces the object; its resourceVersion must be the present one (409 otherwise). */
  update<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>;
  /** Replaces the status; the object's resourceVersion must be the present one (409 otherwise). */
  updateStatus<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>;
  /** Merge patch. Put metadata.resourceVersion or metadata.uid into the patch for a precondition. */
  patch<T extends KubeObject>(type: ResourceType<T>, key: string, patch: unknown, subresource?: string): Promise<T>;
  /** Server-side apply under our field manager, forced. */
  apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: Draft<T>,
    fieldManager: string,
    subresource?: string,
  ): Promise<T>;
  delete<T extends KubeObject>(type: ResourceType<T>, key: string, options?: DeleteOptions): Promise<void>;
  /** policy/v1 eviction of the pod with this UID. */
  evict(pod: { readonly namespace: string; readonly name: string; readonly uid: string }): Promise<void>;
}
