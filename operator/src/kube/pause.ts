import { setTimeout as wait } from 'node:timers/promises';

/** Waits `ms`, or less when the signal ends. Never throws. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
