import type { Call } from './call.ts';
import { isMissing, isTaken } from './cluster-error.ts';
import { Failure } from './failures.ts';
import { SPEC_HASH } from './identity.ts';
import type { Creatable, Draft, Objects } from './kinds.ts';
import { digest } from './names.ts';

export interface Created<K extends Creatable> {
  readonly object: Objects[K];
  /** An earlier call with the same key made it. */
  readonly replayed: boolean;
}

const keyOf = ({ metadata }: Draft<Creatable>): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

/** What an earlier call with the same key made; undefined where there is nothing. Throws idempotency_conflict for another request. */
export async function replay<K extends Creatable>(
  call: Call,
  kind: K,
  draft: Draft<K>,
): Promise<Objects[K] | undefined> {
  try {
    return sameRequest(await call.cluster.get(kind, keyOf(draft)), draft);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Creates an object, or finds that a call with the same key has done so: the API server holds the name, so replicas agree. */
export async function createOnce<K extends Creatable>(call: Call, kind: K, draft: Draft<K>): Promise<Created<K>> {
  for (let attempt = 0; ; attempt++)
    try {
      return { object: await call.cluster.create(kind, draft), replayed: false };
    } catch (error) {
      if (!isTaken(error) || attempt >= 3) throw error;
      // Gone between the two calls: then the key is free again.
      const object = await replay(call, kind, draft);
      if (object !== undefined) return { object, replayed: true };
    }
}

/** The hash that tells a repetition from another request. */
export const hashOf = (spec: unknown): string => digest(spec).slice(0, 32);

function sameRequest<K extends Creatable>(object: Objects[K], draft: Draft<K>): Objects[K] {
  if (object.metadata.annotations?.[SPEC_HASH] === draft.metadata.annotations?.[SPEC_HASH]) return object;
  const was = object.spec as Readonly<Record<string, unknown>>;
  const differing = Object.entries(draft.spec)
    .filter(([field, value]) => digest(value) !== digest(was[field]))
    .map(([field]) => field);
  throw new Failure(
    'idempotency_conflict',
    `This key was used for another request: ${object.kind} ${object.metadata.name}`,
    {
      nextStep: 'Use a new idempotency_key for a new request, or repeat the first one unchanged.',
      data: { differing },
    },
  );
}
