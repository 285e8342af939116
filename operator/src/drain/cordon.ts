import { TAINT } from '@cortex/crds';
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

/** When our cordon was put on this Node. */
export function cordonedAt({ spec }: Node): Date | undefined {
  const at = spec.taints?.find(({ key }) => key === TAINT.draining)?.timeAdded;
  return at === undefined ? undefined : new Date(at);
}

/** The one patch that cordons a Node (contract D4), under the version that was seen; undefined when it is cordoned. */
export function cordonPatch(node: Node, now: Date): unknown {
  if (isCordoned(node)) return undefined;
  const before: Before = {
    unschedulable: node.spec.unschedulable === true,
    excluded: node.metadata.labels?.[EXCLUDED] !== undefined,
  };
  const others = (node.spec.taints ?? []).filter(({ key }) => key !== TAINT.draining);
  return {
    metadata: { ...seenAs(node), labels: { [EXCLUDED]: 'true' }, annotations: { [BEFORE]: JSON.stringify(before) } },
    spec: {
      unschedulable: true,
      taints: [
        ...others,
        { key: TAINT.draining, effect: 'NoSchedule', timeAdded: `${now.toISOString().slice(0, 19)}Z` },
      ],
    },
  };
}

/** Takes back what our cordon set and nobody had set before; undefined when there is nothing of ours. */
export function uncordonPatch(node: Node): unknown {
  const text = node.metadata.annotations?.[BEFORE];
  const taints = (node.spec.taints ?? []).filter(({ key }) => key !== TAINT.draining);
  if (text === undefined && taints.length === (node.spec.taints ?? []).length) return undefined;
  const before = text === undefined ? { unschedulable: false, excluded: false } : (JSON.parse(text) as Before);
  return {
    metadata: { ...seenAs(node), labels: before.excluded ? {} : { [EXCLUDED]: null }, annotations: { [BEFORE]: null } },
    spec: { unschedulable: before.unschedulable ? true : null, taints },
  };
}

const seenAs = ({ metadata }: Node) => ({ uid: metadata.uid, resourceVersion: metadata.resourceVersion });
