/** When `n` events come that know nothing of each other, `perSecond` of them on average: milliseconds from the start. */
export function poisson(n: number, perSecond: number, random: () => number = Math.random): number[] {
  let moment = 0;
  return Array.from({ length: n }, () => (moment += (-Math.log(1 - random()) * 1000) / perSecond));
}

/** When `n` events come at equal distances: milliseconds from the start. */
export const evenly = (n: number, everyMs: number): number[] => Array.from({ length: n }, (_, i) => i * everyMs);

/**
 * Begins the work for 0 to n − 1 each at its moment, whether or not what was begun before has ended: who is slow is not
 * spared. Resolves when all has ended; the first failure ends it.
 */
export async function openLoop(moments: readonly number[], work: (i: number) => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const begun: Promise<unknown>[] = [];
  for (const [i, moment] of moments.entries()) {
    await Promise.race([failed, at(startedAt + moment)]);
    begun.push(work(i).catch(reject));
  }
  await Promise.race([failed, Promise.all(begun)]);
}

/** At once where the moment is past: timers have a grain of a millisecond, which would add up. */
async function at(moment: number): Promise<void> {
  const ms = moment - performance.now();
  if (ms > 0.5) await new Promise((resolve) => void setTimeout(resolve, ms));
}
