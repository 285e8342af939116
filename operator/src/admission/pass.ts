import type { Books } from './books.ts';
import { isOver, patienceOf } from './candidacy.ts';
import { type Classified, classify, type Registry } from './classify.ts';
import { serve } from './desk.ts';
import type { Due } from './due.ts';
import type { Ticket } from './line.ts';
import type { Candidate } from './queue.ts';
import { refuse } from './refuse.ts';
import type { Roll } from './roll.ts';
import type { Verdict } from './verdict.ts';
import type { Waiter, Waiters } from './waiters.ts';

/** What a pass looks at. */
export interface Affairs {
  readonly books: Books;
  readonly waiters: Waiters;
  readonly due: Due;
  readonly roll: Roll;
  readonly registry: Registry;
  /** UIDs of workers whose deletion was asked for and not seen yet. */
  readonly retiring: ReadonlySet<string>;
}

/** One verdict for everybody who was not told one yet, and for everybody who fits now. */
export function passOver(affairs: Affairs, now: Date): Verdict[] {
  affairs.due.begin(now);
  const fresh = affairs.waiters.fresh();
  const answers = fresh.flatMap((waiter) => look(affairs, waiter, now));
  const tickets = Map.groupBy(
    fresh.flatMap(({ ticket }) => ticket ?? []),
    ({ pool }) => pool.metadata.name,
  );
  const pools = new Set([...tickets.keys(), ...affairs.due.takePools()]);
  const served = [...pools].flatMap((name) => serveFrom(affairs, name, tickets.get(name) ?? [], now));
  return oneHeirEach([...answers, ...served], affairs.due);
}

/** Classifies one, and answers it where no pool has to. */
function look({ waiters, registry, due }: Affairs, waiter: Waiter, now: Date): Verdict[] {
  const { candidate } = waiter;
  const classified = classify(candidate, registry, now);
  waiters.place(waiter, classified);
  const patience = patienceOf(candidate);
  if (patience !== undefined) due.waiterAt(candidate.metadata.uid, patience);
  return answerTo(candidate, classified, now);
}

function answerTo(candidate: Candidate, classified: Classified, now: Date): Verdict[] {
  switch (classified.kind) {
    case 'Ticket':
    case 'Soon':
      return [];
    case 'Refused':
      return [refuse(candidate, classified.why, now)];
    case 'Impossible':
      return [{ kind: 'Fail', candidate, ...classified.why }];
    case 'Succession':
      return candidate.kind === 'Allocation'
        ? [{ kind: 'Succeed', candidate, predecessor: classified.predecessor }]
        : [];
  }
}

function serveFrom(affairs: Affairs, name: string, fresh: readonly Ticket[], now: Date): readonly Verdict[] {
  const { books, waiters, roll, due, retiring } = affairs;
  const book = books.of(name);
  const { pool, ledger } = book;
  if (pool === undefined || ledger === undefined) return [];
  const { verdicts, next } = serve(
    {
      pool,
      ledger,
      book,
      line: waiters.line(name),
      fresh,
      isOver: (uid) => isOver(roll.of(uid)),
      isTaken: (uid) => books.takerOf(uid) !== undefined,
      retiring,
    },
    now,
  );
  if (next !== undefined) due.poolAt(name, next);
  return verdicts;
}

/** Of several that would take over from one Allocation in the same pass the first does; the others hear of it afterwards. */
function oneHeirEach(verdicts: readonly Verdict[], due: Due): Verdict[] {
  const taken = new Set<string>();
  return verdicts.filter((verdict) => {
    const old =
      'predecessor' in verdict && verdict.predecessor.state === 'Live' ? verdict.predecessor.allocation : undefined;
    if (old === undefined) return true;
    if (taken.has(old.metadata.uid)) due.again(verdict);
    const isFirst = !taken.has(old.metadata.uid);
    taken.add(old.metadata.uid);
    return isFirst;
  });
}
