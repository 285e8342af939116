/** A moment on both of this machine's clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export const thisMoment = (): Moment => ({ monotonicMs: performance.now(), wallMs: Date.now() });

/**
 * Milliseconds since then, by whichever clock says more: the monotonic one stands still while a machine is
 * suspended, the wall clock may be set back. For fences, where too much is safe and too little is not.
 */
export const elapsedMs = (since: Moment): number =>
  Math.max(performance.now() - since.monotonicMs, Date.now() - since.wallMs);
