import type { Cluster } from './cluster-port.ts';
import type { Caller } from './identity.ts';
import type { Access } from './tool.ts';

/** How what destroys is confirmed. */
export interface Confirmation {
  /** False only where somebody switched it off. */
  readonly required: boolean;
  /** The client can ask its user. */
  readonly asks: boolean;
  /** What its user said to an earlier question, and the state that came back with it. */
  readonly answer: { readonly state: unknown; readonly accepted: boolean } | undefined;
}

/** Everything a tool has besides its arguments: one call of one caller. */
export interface Call {
  readonly cluster: Cluster;
  readonly caller: Caller;
  /** Receives what is created, and is where a bare name is looked for first. */
  readonly namespace: string;
  readonly requestId: string;
  /** Where in a trace this call is, for what it makes; undefined where nobody asked for traces. */
  readonly traceparent?: string | undefined;
  /** Ends with the call's cancellation; it ends what waits, never an object. */
  readonly signal: AbortSignal;
  readonly confirmation: Confirmation;
  /** What this caller may do. */
  readonly granted: readonly Access[];
  /** Undefined where the caller did not ask to be told of progress. */
  readonly progress: ((message: string) => void) | undefined;
  now(): Date;
}
