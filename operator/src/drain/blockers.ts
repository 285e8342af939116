import type { Reason } from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import { keyOf } from '../kube/object.ts';
import { neverAllows, sentenceOf } from './budgets.ts';
import type { Guest } from './guests.ts';
import type { Hold } from './held.ts';
import type { Blocker, DrainInput, Plan } from './input.ts';

const MOST = 10;
const NAMED = 3;

type Why = Blocker & { readonly word: Reason };

/** What is in the way, each thing once, sorted, so that an unchanged drain reads the same (contract D19). */
export function blockersOf(
  holds: ReadonlyMap<Guest, Hold>,
  input: DrainInput,
): { blockers: Blocker[]; blockage: Plan['blockage'] } {
  const byName = new Map<string, Why>();
  for (const [guest, hold] of holds) {
    const why = whyOf(guest, hold, input);
    const name = `${why.kind} ${why.namespace}/${why.name}`;
    const before = byName.get(name);
    byName.set(name, before !== undefined && before.since < why.since ? before : why);
  }
  const all = [...byName.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, why]) => why);
  return { blockers: all.slice(0, MOST).map(({ word: _word, ...blocker }) => blocker), blockage: sentence(all) };
}

function whyOf(guest: Guest, hold: Hold, { cordonedAt }: DrainInput): Why {
  const { namespace = '', name } = guest.pod.metadata;
  const pod = {
    kind: 'Pod',
    namespace,
    name,
    word: 'PodsBlocked',
    since: timestamp(cordonedAt ?? new Date(0)),
  } as const;
  if (hold === 'Protected') return { ...pod, reason: 'it asks not to be evicted' };
  if (hold === 'Unmanaged')
    return { ...pod, reason: 'nothing would bring it back, and unmanagedPods is Block; delete it, or choose Evict' };
  const since = timestamp(hold.since);
  const budget = guest.budgets.find((each) => keyOf(each) === hold.budget?.key);
  if (budget === undefined) return { ...pod, since, reason: hold.message, word: hold.reason };
  return {
    kind: 'PodDisruptionBudget',
    namespace: budget.metadata.namespace ?? '',
    name: budget.metadata.name,
    since,
    reason: sentenceOf(budget),
    word: neverAllows(budget) ? 'PDBNeverAllows' : 'PodsBlocked',
  };
}

/** The gravest first: what never changes by itself is what a person has to know. */
const GRAVITY: readonly Reason[] = ['PDBNeverAllows', 'MultiplePDBs', 'PodsBlocked'];

function sentence(all: readonly Why[]): Plan['blockage'] {
  const reason = GRAVITY.find((word) => all.some((why) => why.word === word));
  if (reason === undefined) return undefined;
  const graver = all.toSorted((a, b) => GRAVITY.indexOf(a.word) - GRAVITY.indexOf(b.word));
  const named = graver.slice(0, NAMED).map((why) => `${why.kind} ${why.namespace}/${why.name}: ${why.reason}`);
  const more = all.length > NAMED ? `; and ${all.length - NAMED} more` : '';
  return { reason, message: `${named.join('; ')}${more}` };
}
