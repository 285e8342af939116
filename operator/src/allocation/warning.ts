import type { Allocation } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import type { Ending } from '../ttl/expiry.ts';

const FIVE_MINUTES = 5 * 60_000;

/** From when an Allocation says that it is Expiring: a tenth of its ttl ahead, at most five minutes. */
export const warningAt = (allocation: Allocation, end: Ending): number =>
  end.expiresAt - Math.min(parseDuration(allocation.spec.ttl) / 10, FIVE_MINUTES);
