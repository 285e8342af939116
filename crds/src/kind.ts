import type * as z from 'zod';
import { API_VERSION, GROUP, VERSION } from './names.ts';
import type { CelRule } from './kubernetes.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: shown with -o wide only. */
  readonly priority?: 0 | 1;
}

/** One kind: its schemas, and what Kubernetes is told beside them. */
export interface KindSource {
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: z.ZodObject;
  readonly status: z.ZodObject;
  readonly columns: readonly Column[];
  /** Rules that need metadata. */
  readonly rules?: readonly CelRule[];
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  readonly selectableFields?: readonly string[];
}

/** What every object of the API carries, as plain JSON. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
    blockOwnerDeletion?: boolean;
  }[];
}

export interface CustomResource<K extends string, Spec, Status> {
  apiVersion: typeof API_VERSION | string;
  kind: K;
  metadata: ObjectMeta;
  spec: Spec;
  status?: Status;
}

/** Where a kind of ours lives in the API. */
export const resource = <K extends string>(kind: K, plural: string, scope: 'Namespaced' | 'Cluster') =>
  ({ group: GROUP, version: VERSION, plural, kind, namespaced: scope === 'Namespaced' }) as const;
