import type { Listing, Look, Memory } from './seen.ts';

/** Under this key the length of the list of BurstWorkers is remembered; no pool has such a name. */
export const WORKERS = '';

/** Why this list of machines is not believed: an error, or far fewer than at the last look (contract S6). */
export const doubtAboutListing = ({ pool, machines, problem }: Listing, before: Memory): string | undefined =>
  machines === undefined
    ? (problem ?? 'its provider could not be asked')
    : doubtAboutSize(`the provider of WorkerPool ${pool} lists`, machines.length, before.sizes.get(pool));

/** Why the list of BurstWorkers is not believed, whatever the providers say. */
export const doubtAboutWorkers = ({ workers, before }: Pick<Look, 'workers' | 'before'>): string | undefined =>
  workers === undefined
    ? 'the API server could not be asked for BurstWorkers'
    : doubtAboutSize('the API server lists', workers.size, before.sizes.get(WORKERS));

/** A list that lost more than half of itself between two looks says more about who answers than about what there is. */
const doubtAboutSize = (who: string, now: number, before: number | undefined): string | undefined =>
  before !== undefined && 2 * now < before ? `${who} ${now}, and ${before} at the last look` : undefined;

/** What the next look is compared with: a list that failed leaves what was known. */
export function sizesAfter({ listings, workers, before }: Look): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { pool, machines } of listings) {
    const size = machines?.length ?? before.sizes.get(pool);
    if (size !== undefined) sizes.set(pool, size);
  }
  const size = workers?.size ?? before.sizes.get(WORKERS);
  return size === undefined ? sizes : sizes.set(WORKERS, size);
}
