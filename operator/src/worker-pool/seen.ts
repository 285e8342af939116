import type { BurstWorker, WorkerPool } from '@cortex/crds';
import type { Ledger } from '../admission/ledger.ts';
import type { BreakerState } from '../breaker/removal-breaker.ts';
import type { Leak } from '../orphans/suspect.ts';
import type { PermanentNode } from './nodes.ts';
import type { Reachability } from './reachability.ts';

/** Everything one look at a pool takes in. */
export interface Seen {
  readonly pool: WorkerPool;
  readonly workers: readonly BurstWorker[];
  /** Of class Permanent: the Nodes that belong to it. */
  readonly nodes: readonly PermanentNode[];
  /** Undefined in the moment before the admission office has heard of the pool. */
  readonly ledger: Ledger | undefined;
  /** How many Allocations wait for it, and since when the oldest does. */
  readonly pending: number;
  readonly oldestSince: string | undefined;
  /** Why no worker of it can be made by this build, if so. */
  readonly notBuilt: string | undefined;
  /** What is known of its provider; undefined where nobody has looked yet, or has to. */
  readonly provider: Reachability | undefined;
  /** Another pool that also says default: true and is older. */
  readonly olderDefault: string | undefined;
  /** Whether removals that nobody named are stopped. */
  readonly breaker: BreakerState;
  /** What of it nobody claims; undefined while that is not known. */
  readonly leaks: readonly Leak[] | undefined;
}
