import { type Claim, conditionOf, timestamp } from '../conditions.ts';
import type { Forecast } from '../drain/forecast.ts';
import type { Ending } from '../ttl/expiry.ts';
import { endingOf, type Seen } from './seen.ts';
import { warningAt } from './warning.ts';

/** What an Allocation says of an end that is near, with what will come of its drain; or that it was moved. */
export function expiring(seen: Seen, now: Date): Claim[] {
  const end = endingOf(seen);
  const said = conditionOf(seen.allocation.status?.conditions, 'Expiring');
  if (now.getTime() >= warningAt(seen.allocation, end)) {
    const message = `Its workers drain at ${time(end.expiresAt)}; ${remedy(end)}${outlook(seen.forecast, end, seen)}`;
    const isNews = said?.status !== 'True' || timeless(said.message) !== timeless(message);
    return [{ type: 'Expiring', status: true, reason: end.because, message: isNews ? message : said.message }];
  }
  if (said?.status !== 'True') return [];
  return [{ type: 'Expiring', status: false, reason: 'Extended', message: `Extended until ${time(end.expiresAt)}` }];
}

const remedy = ({ because }: Ending): string =>
  because === 'TtlExpired'
    ? 'raise spec.ttl to keep them'
    : 'spec.maxLifetime is reached, so nothing keeps them: create another Allocation';

const NAMED = 3;

function outlook(coming: Forecast | undefined, end: Ending, { pool }: Seen): string {
  if (coming === undefined) return '';
  const { pods, eta, blockers } = coming;
  if (blockers.length === 0)
    return eta === undefined
      ? ''
      : `. Their ${pods} pod${pods === 1 ? '' : 's'} should be gone by ${time(eta.getTime())}`;
  const named = blockers.slice(0, NAMED).map((each) => `${each.kind} ${each.namespace}/${each.name} (${each.reason})`);
  const more = blockers.length > NAMED ? ` and ${blockers.length - NAMED} more` : '';
  const forced = pool?.spec.drain.onDeadline === 'ForceDelete';
  return `. In the way then: ${named.join(', ')}${more}; ${forced ? `forced at ${time(end.hardStopAt)}` : 'the drain holds until that is changed'}`;
}

/** An estimate that moved by seconds is no news; another blocker is. */
const timeless = (message: string): string => message.replace(/Their \d+ pods? should be gone by \S+/, 'In time');

const time = (moment: number): string => timestamp(new Date(moment));
