/** A signal that ends with the caller's or after `ms`, whichever is first. Dispose it: a timer left behind per call adds up. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Counts `ms` from now again. */
  refresh(): void;
}

/** AbortSignal.timeout cannot be cancelled, and AbortSignal.any holds on to long-lived signals: both cost memory per call. */
export function timeLimit(ms: number, caller?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const limit = { expired: false };
  const timer = setTimeout(() => {
    limit.expired = true;
    controller.abort();
  }, ms);
  const follow = (): void => controller.abort(caller?.reason);
  if (caller?.aborted) follow();
  caller?.addEventListener('abort', follow, { once: true });

  return {
    signal: controller.signal,
    get expired() {
      return limit.expired;
    },
    refresh: () => void timer.refresh(),
    [Symbol.dispose]() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', follow);
    },
  };
}
