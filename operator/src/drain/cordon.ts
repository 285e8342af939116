import { type Condition, TAINT } from '@cortex/crds';
import type { Node } from '../kube/core.ts';

const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
/** What others had set before us, so that undoing takes back our part alone. */
const BEFORE = 'cortex.automation/before-cordon';

interface Before {
  readonly unschedulable: boolean;
  readonly excluded: boolean;
}

export const isCordoned = ({ spec }: Node): boolean =>
  spec.unschedulable === true && (spec.taints ?? []).some(({ key }) => key === TAINT.draining);

/** Anything of our cordon is on the Node, whole or not. */
export const bearsCordon = ({ metadata, spec }: Node): boolean =>
  metadata.annotations?.[BEFORE] !== undefined || (spec.taints ?? []).some(({ key }) => key === TAINT.draining);

/** When our cordon was put on this Node. */
export function cordonedAt({ spec }: Node): Date | undefined {
  const at = spec.taints?.find(({ key }) => key === TAINT.draining)?.timeAdded;
  return at === undefined ? undefined : new Date(at);
}

/** A Node is called drained no sooner than 5 s after its cordon; both moments are whole seconds. */
const BEFORE_DRAINED_MS = 4_000;

/** Whether a Node was called drained under the cordon that is on it, and not under one that somebody took away meanwhile. */
export function isDrainedSince(node: Node, drained: Condition | undefined): boolean {
  const at = cordonedAt(node);
  if (!isCordoned(node) || at === undefined || drained?.status !== 'True') return false;
  return Date.parse(drained.lastTransitionTime) >= at.getTime() + BEFORE_DRAINED_MS;
}

/** The one patch that cordons a Node (contract D4), under the version that was seen; undefined when it is cordoned. */
export function cordonPatch(node: Node, now: Date): unknown {
  if (isCordoned(node)) return undefined;
  const others = (node.spec.taints ?? []).filter(({ key }) => key !== TAINT.draining);
  return {
    metadata: {
      ...seenAs(node),
      labels: { [EXCLUDED]: 'true' },
      annotations: { [BEFORE]: JSON.stringify(before(node)) },
    },
    spec: {
      unschedulable: true,
      taints: [
        ...others,
        { key: TAINT.draining, effect: 'NoSchedule', timeAdded: `${now.toISOString().slice(0, 19)}Z` },
      ],
    },
  };
}

/** What was there before our first cordon: one that somebody half undid finds our own part on the Node. */
const before = (node: Node): Before =>
  recorded(node) ?? {
    unschedulable: node.spec.unschedulable === true,
    excluded: node.metadata.labels?.[EXCLUDED] !== undefined,
  };

/** Takes back what our cordon set and nobody had set before; undefined when there is nothing of ours. */
export function uncordonPatch(node: Node): unknown {
  if (!bearsCordon(node)) return undefined;
  const { unschedulable, excluded } = recorded(node) ?? { unschedulable: false, excluded: false };
  const taints = (node.spec.taints ?? []).filter(({ key }) => key !== TAINT.draining);
  return {
    metadata: { ...seenAs(node), labels: excluded ? {} : { [EXCLUDED]: null }, annotations: { [BEFORE]: null } },
    spec: { unschedulable: unschedulable ? true : null, taints },
  };
}

/** A record that was edited into nonsense says that others had set everything: then nothing of theirs is taken back. */
function recorded({ metadata }: Node): Before | undefined {
  const text = metadata.annotations?.[BEFORE];
  if (text === undefined) return undefined;
  try {
    const { unschedulable, excluded } = JSON.parse(text) as Partial<Before>;
    return { unschedulable: unschedulable !== false, excluded: excluded !== false };
  } catch {
    return { unschedulable: true, excluded: true };
  }
}

const seenAs = ({ metadata }: Node) => ({ uid: metadata.uid, resourceVersion: metadata.resourceVersion });
