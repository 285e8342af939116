import { GROUP } from '@cortex/crds';
import type { ObjectMeta } from '@cortex/crds';

/** An object as the shared copy keeps it: without what no tool ever shows, such as the manifest that kubectl keeps in an annotation. */
export function trimmed<T extends { metadata: ObjectMeta }>(object: T): T {
  const { ownerReferences: _, annotations, ...metadata } = object.metadata;
  const ours = Object.entries(annotations ?? {}).filter(([key]) => key.startsWith(`${GROUP}/`));
  return {
    ...object,
    metadata: { ...metadata, ...(ours.length === 0 ? {} : { annotations: Object.fromEntries(ours) }) },
  };
}
