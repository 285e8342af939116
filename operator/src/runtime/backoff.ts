export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Delay before attempt `failures` + 1, in milliseconds: doubles from base to cap, spread over its upper half. */
export function backoffMs({ baseMs, capMs }: Backoff, failures: number, random: () => number = Math.random): number {
  const full = Math.min(baseMs * 2 ** Math.min(failures, 30), capMs);
  return full * (0.5 + random() / 2);
}
