import type { Clock } from './runtime/clock.ts';

/** A local copy, and whether it may be used to destroy something. */
interface Copy {
  readonly name: string;
  readonly settled: boolean;
}

/**
 * Why nothing may be destroyed now; undefined while the time and the copies can be trusted (contracts T7, S8). An outage of
 * more than 30 s freezes until the whole kind was read again.
 */
export function frozenBy(clock: Pick<Clock, 'trusted' | 'skewMs'>, copies: readonly Copy[]): string | undefined {
  if (!clock.trusted) {
    const skew = clock.skewMs === undefined ? 'is not known yet' : `is ${Math.round(clock.skewMs / 1000)} s`;
    return `The difference between this machine's clock and the API server's ${skew}`;
  }
  const behind = copies.filter(({ settled }) => !settled).map(({ name }) => name);
  return behind.length === 0 ? undefined : `The copy of ${behind.join(', ')} does not follow the API server`;
}
