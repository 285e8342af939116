import type { Allocation, BurstWorker } from '@cortex/crds';
/** How long a part of a life took that has just ended. */
export interface Span {
  readonly of: 'queue' | 'ready' | 'launch' | 'join' | 'drain' | 'destroy';
  readonly pool: string;
  readonly seconds: number;
}
/** An object that is seen for the first time has no span that ended now: its past was somebody else's to count. */
export declare function allocationSpans(now: Allocation | undefined, before: Allocation | undefined): Span[];
export declare function workerSpans(now: BurstWorker | undefined, before: BurstWorker | undefined, at: Date): Span[];
/** The reason of an end that was written just now. */
export declare function endReason(now: Allocation | undefined, before: Allocation | undefined): string | undefined;
//# sourceMappingURL=spans.d.ts.map
