import { createHash } from 'node:crypto';
import { formatDuration, type NodeDrain } from '@cortex/crds';
import type { Call } from './call.ts';
import { isTaken } from './cluster-error.ts';
import { Failure } from './failures.ts';
import { stamps } from './identity.ts';
import { clean } from './present/text.ts';

const LONGEST_NAME = 253;

/** One drain for each Node, by name. */
export function drainName(node: string): string {
  const name = `drain-${node}`;
  return name.length <= LONGEST_NAME
    ? name
    : `${name.slice(0, LONGEST_NAME - 11)}-${createHash('sha256').update(node).digest('hex').slice(0, 10)}`;
}

export interface Drain {
  readonly node: string;
  readonly timeoutMs: number;
  readonly onDeadline: 'Hold' | 'ForceDelete';
  readonly reason: string;
}

/** The drain of this Node, whoever has begun it; the oldest acts. */
export async function drainOf(node: string, call: Call): Promise<NodeDrain | undefined> {
  const drains = (await call.cluster.list('drains')).filter(({ spec }) => spec.nodeName === node);
  return drains.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))[0];
}

const placeOf = ({ metadata }: NodeDrain): string => `${metadata.creationTimestamp} ${metadata.uid}`;

/** The drain of this Node: whoever has begun one, else a new one. */
export async function drainOnce({ node, timeoutMs, onDeadline, reason }: Drain, call: Call): Promise<NodeDrain> {
  const begun = await drainOf(node, call);
  if (begun !== undefined) return begun;
  const name = drainName(node);
  try {
    return await call.cluster.create('drains', {
      metadata: { name, annotations: stamps(call) },
      spec: { nodeName: node, timeout: formatDuration(timeoutMs), onDeadline, reason },
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    return ofNode(await call.cluster.get('drains', name), node);
  }
}

/** Names are free to choose: the one of this Node's drain may be another Node's. */
function ofNode(drain: NodeDrain, node: string): NodeDrain {
  const { name } = drain.metadata;
  if (drain.spec.nodeName === node) return drain;
  throw new Failure('invalid', `NodeDrain ${name} drains another Node, ${clean(drain.spec.nodeName, 253)}`, {
    nextStep: `Whoever made it has to delete it first: kubectl delete nodedrain ${name}`,
  });
}

export const isDrained = ({ status }: NodeDrain): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Drained' && is === 'True') ?? false;

/** The operator has begun: the Node takes no new pods, or it was said why not. */
export const isBegun = ({ status }: NodeDrain): boolean =>
  (status?.conditions?.some(({ type, status: is }) => type === 'Cordoned' && is === 'True') ?? false) ||
  status?.phase === 'Failed';
