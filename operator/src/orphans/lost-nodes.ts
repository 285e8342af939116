import { ANNOTATION, LABEL } from '@cortex/crds';
import { isKept, machineOf } from '../burst-worker/identity.ts';
import { answers } from '../burst-worker/node-state.ts';
import type { Node } from '../kube/core.ts';
import { doubtAboutListing } from './doubt.ts';
import { APART_MS } from './lost-machines.ts';
import type { Look } from './seen.ts';
import type { LostNode } from './suspect.ts';

/**
 * Nodes that carry our mark and answer no more, whose worker does not exist and whose machine no provider knows
 * (contract S7). That a machine is absent is believed only where every provider answered in full.
 */
export function lostNodes(look: Look, now: number): LostNode[] {
  const before = look.before.suspects.filter((each) => each.kind === 'Node');
  if (look.listings.some((listing) => doubtAboutListing(listing, look.before) !== undefined)) return before;
  return look.nodes.flatMap((node) => {
    const { name, uid } = node.metadata;
    const listing = look.listings.find(({ pool }) => pool === node.metadata.labels?.[LABEL.pool]);
    if (listing === undefined || !isLost(node, look)) return [];
    const key = `Node ${uid}`;
    const firstSeenAt = before.find((each) => each.key === key)?.firstSeenAt ?? now;
    const { pool, provider } = listing;
    const workerUid = machineOf(node);
    return [{ kind: 'Node', key, pool, provider, workerUid, name, uid, firstSeenAt, provenAt: firstSeenAt + APART_MS }];
  });
}

/** Whether nothing speaks for it: no worker, no machine, no kubelet, and nobody who wants it kept. */
export function isLost(node: Node, { workers, listings }: Pick<Look, 'workers' | 'listings'>): boolean {
  const machine = machineOf(node);
  return (
    bearsOurMarks(node) &&
    isKept(node) === undefined &&
    !answers(node) &&
    workers?.has(machine) === false &&
    !listings.some(({ machines = [] }) => machines.some(({ workerUid }) => workerUid?.toLowerCase() === machine))
  );
}

/** The mark says which machine it is, as its kubelet does, and it was born as a worker's. */
const bearsOurMarks = (node: Node): boolean =>
  machineOf(node) !== '' &&
  node.metadata.annotations?.[ANNOTATION.workerUid] === machineOf(node) &&
  node.metadata.labels?.[LABEL.worker] !== undefined;
