import type { KindName, Objects } from './kinds.ts';
import { jobOf, stateOf } from './present/allocation.ts';

/** By what else than its key an object is looked for: each call that did so by reading all would cost more with every object. */
export const LOOKUPS = {
  name: ({ metadata }: Objects[KindName]): string[] => [metadata.name],
  job: (object: Objects[KindName]): string[] => (object.kind === 'Allocation' ? [jobOf(object)] : []),
  state: (object: Objects[KindName]): string[] => (object.kind === 'Allocation' ? [stateOf(object)] : []),
} as const;

export type Lookup = keyof typeof LOOKUPS;
