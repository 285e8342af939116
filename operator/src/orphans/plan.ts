import { timestamp } from '../conditions.ts';
import { doubtAboutListing } from './doubt.ts';
import { type Mode, REPORT_ONLY, type Seen } from './decide.ts';
import { heldBack } from './judge.ts';
import { leakSentence } from './sentence.ts';

/** What a first look found, and what would become of it, line by line (contract S12). */
export function orphansPlan({ look, memory }: Pick<Seen, 'look' | 'memory'>, mode: Mode): string[] {
  const doubts = look.listings.flatMap((listing) => {
    const doubt = doubtAboutListing(listing, look.before);
    return doubt === undefined ? [] : [`WorkerPool ${listing.pool}: ${doubt}; nothing of it is judged`];
  });
  const found = memory.suspects.map((suspect) => {
    const proven = timestamp(new Date(suspect.provenAt));
    const goes = mode === 'Report' ? REPORT_ONLY : `it is removed when it is still seen at ${proven}`;
    return leakSentence({ ...suspect, held: heldBack(suspect, look) ?? goes });
  });
  return [...doubts, ...found.toSorted()];
}
