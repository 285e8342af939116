import { ANNOTATION, GROUP } from '@cortex/crds';
import type { Call } from './call.ts';
import { clean } from './present/text.ts';

/** Who calls, and by what. */
export interface Caller {
  /** Whose objects these are: verified where tokens are, else whoever can reach this process. */
  readonly principal: string;
  /** What the client says it is; nobody has verified it. */
  readonly client: string;
}

export const REQUESTED_BY = `${GROUP}/requested-by`;
const CLIENT = `${GROUP}/client`;
const REQUEST_ID = `${GROUP}/request-id`;
/** Tells a repeated request from another one under the same name. */
export const SPEC_HASH = `${GROUP}/spec-hash`;

/** What every object that the facade creates says of its origin. */
export const stamps = ({
  caller,
  requestId,
  traceparent,
}: Pick<Call, 'caller' | 'requestId' | 'traceparent'>): Record<string, string> => ({
  [REQUESTED_BY]: caller.principal,
  [CLIENT]: clean(caller.client, 256),
  [REQUEST_ID]: requestId,
  ...(traceparent === undefined ? {} : { [ANNOTATION.traceparent]: traceparent }),
});

/** Who asked for this object; undefined where nobody did through a facade. */
export const requestedBy = (object: { metadata: { annotations?: Record<string, string> } }): string | undefined =>
  object.metadata.annotations?.[REQUESTED_BY];
