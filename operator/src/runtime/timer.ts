const LONGEST_MS = 3_600_000;

/**
 * Calls `fire` once after `ms`, on a monotonic clock; returns the call that prevents it.
 * Re-arms at least hourly: Node fires a timer above 2³¹−1 ms (24.8 days) at once (contract T8).
 */
export function startTimer(ms: number, fire: () => void): () => void {
  const dueAt = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = dueAt - performance.now();
    timer = left > LONGEST_MS ? setTimeout(arm, LONGEST_MS) : setTimeout(fire, Math.max(left, 0));
  };
  arm();
  return () => clearTimeout(timer);
}
