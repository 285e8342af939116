import { conditionOf } from '../conditions.ts';
import type { Detaching } from '../drain/volumes.ts';
import type { Seen } from './seen.ts';

/** What is known of the volumes of a worker's Node, and how long its pool waits for them (contract D15). */
export const detachingOf = ({ worker, pool, node, volumes }: Seen): Detaching => ({
  node: node?.metadata.name ?? '',
  attached: volumes,
  drained: conditionOf(worker.status?.conditions, 'Drained'),
  timeout: pool?.spec.drain.volumeDetachTimeout ?? '5m',
});
