import { Namespaces } from './kube/core.ts';
import { Waiting } from './runtime/outcome.ts';
import type { Kinds } from './stores.ts';

/** What tells this cluster's machines from another's: the UID of its oldest namespace. */
export function clusterIdOf({ namespaces }: Pick<Kinds, 'namespaces'>): string {
  const system = namespaces.get('kube-system');
  if (system === undefined)
    throw new Waiting(1_000, 'ClusterUnknown', `${Namespaces.kind} kube-system is not seen yet`);
  return system.metadata.uid;
}
