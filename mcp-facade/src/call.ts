import type { Cluster } from './cluster.ts';
import type { Caller } from './identity.ts';

/** Everything a tool has besides its arguments: one call of one caller. */
export interface Call {
  readonly cluster: Cluster;
  readonly caller: Caller;
  /** Receives what is created, and is where a bare name is looked for first. */
  readonly namespace: string;
  readonly requestId: string;
  /** Ends with the call's cancellation; it ends what waits, never an object. */
  readonly signal: AbortSignal;
  /** Undefined where the caller did not ask to be told of progress. */
  readonly progress: ((message: string) => void) | undefined;
  now(): Date;
}
