import { percentile, rounded } from './statistics.ts';

/** What became of a number of calls made as fast as they were answered. */
export interface Burst {
  readonly n: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Of single calls, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Does the work for 0 to n − 1, `width` at once. The first failure ends it: a load that lost a part is no load. */
export async function inFlight(n: number, width: number, work: (i: number) => Promise<unknown>): Promise<Burst> {
  const took: number[] = [];
  const numbers = Array.from({ length: n }, (_, i) => i).values();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const i of numbers) {
      if (failed) return;
      const startedAt = performance.now();
      await work(i).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      took.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(width, n) }, lane));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    n,
    seconds,
    perSecond: n / seconds,
    p50: rounded(percentile(took, 0.5)),
    p99: rounded(percentile(took, 0.99)),
  };
}
