import type * as z from 'zod';
import type { Column } from './columns.ts';
import type { ConditionType } from './condition.ts';
import type { Rule } from './kubernetes.ts';

/** One kind: its schemas, and what Kubernetes is told beside them. */
export interface KindSource {
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: z.ZodObject;
  readonly status: z.ZodObject;
  /** The conditions its status may carry. */
  readonly conditions: readonly ConditionType[];
  readonly columns: readonly Column[];
  /** Rules that need metadata. */
  readonly rules?: readonly Rule<Named>[];
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  readonly selectableFields?: readonly string[];
}

/** What a rule may ask of a whole object: the API server shows it no more of the metadata. */
export interface Named {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Other objects are named after this one, and names end at 63 characters. */
export const nameAtMost = (most: number, why: string): Rule<Named> => ({
  rule: `self.metadata.name.size() <= ${most}`,
  message: `metadata.name must be at most ${most} characters: ${why}`,
  holds: ({ metadata }) => metadata.name.length <= most,
});

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
  /** On live objects only: local copies do not keep it. */
  managedFields?: {
    manager?: string;
    operation?: 'Apply' | 'Update';
    subresource?: string;
    time?: string;
    fieldsV1?: Readonly<Record<string, unknown>>;
  }[];
}

export interface CustomResource<K extends string, Spec, Status> {
  apiVersion: string;
  kind: K;
  metadata: ObjectMeta;
  spec: Spec;
  status?: Status;
}
