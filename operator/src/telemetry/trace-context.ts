import { ANNOTATION } from '@cortex/crds';

/** A place in a trace, as W3C Trace Context has it: what begins there is part of it. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether anybody keeps this trace. */
  readonly sampled: boolean;
}

const FORM = /^00-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})(?<spanId>[0-9a-f]{16})-[0-9a-f](?<flag>[0-9a-f])$/;

/** Undefined where nothing is said, or nothing that means anything. */
export function traceParentIn(text: unknown): TraceParent | undefined {
  const { traceId, spanId, flag } = (typeof text === 'string' ? FORM.exec(text)?.groups : undefined) ?? {};
  if (traceId === undefined || spanId === undefined || flag === undefined) return undefined;
  return { traceId, spanId, sampled: Number.parseInt(flag, 16) % 2 === 1 };
}

export const traceParentText = ({ traceId, spanId, sampled }: TraceParent): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** The span of an object's life, of which everything that is done for it is a part. */
export interface Life extends TraceParent {
  /** What it is part of itself; undefined: the trace begins with it. */
  readonly parentId: string | undefined;
}

interface Living {
  readonly metadata: { readonly uid: string; readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * Both ids follow from the object: a UID has as many bits as the id of a trace. So a new leader goes on with the trace of the
 * one before, and nobody keeps a table. Who made it in a trace of their own says so in an annotation.
 */
export function lifeOf({ metadata }: Living): Life {
  const own = metadata.uid.replaceAll('-', '').toLowerCase();
  const parent = traceParentIn(metadata.annotations?.[ANNOTATION.traceparent]);
  return {
    traceId: parent?.traceId ?? own,
    spanId: own.slice(16),
    parentId: parent?.spanId,
    sampled: parent?.sampled ?? true,
  };
}

/** The life of a claimed worker is part of its claimant's, for which it bears the annotation too: it may outlive it. */
export function lifeOfWorker(
  worker: Living & { readonly spec: { readonly claimRef?: { readonly uid: string } | undefined } },
  claimant: Living | undefined,
): Life {
  const own = lifeOf(worker);
  const uid = worker.spec.claimRef?.uid;
  if (uid === undefined) return own;
  const { annotations = {} } = worker.metadata;
  const of = lifeOf(claimant?.metadata.uid === uid ? claimant : { metadata: { uid, annotations } });
  return { ...own, traceId: of.traceId, parentId: of.spanId, sampled: of.sampled };
}
