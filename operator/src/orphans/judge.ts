import { isKept, machineOf } from '../burst-worker/identity.ts';
import { answers } from '../burst-worker/node-state.ts';
import { doubtAboutListing, doubtAboutWorkers, sizesAfter } from './doubt.ts';
import { lostMachines } from './lost-machines.ts';
import { lostNodes } from './lost-nodes.ts';
import type { Look, Memory } from './seen.ts';
import type { Leak, Suspect } from './suspect.ts';

/** What a look came to: what is remembered, and what was seen for long enough. */
export interface Judgement {
  readonly memory: Memory;
  readonly leaks: readonly Leak[];
}

/** Tells leaks from what is merely new, foreign, or not to be believed (contracts S6, S7). */
export function judge(look: Look, now: Date): Judgement {
  const at = now.getTime();
  const doubt = doubtAboutWorkers(look);
  const suspects = doubt === undefined ? [...lostMachines(look, at), ...lostNodes(look, at)] : look.before.suspects;
  return {
    memory: { suspects, sizes: sizesAfter(look) },
    leaks: suspects
      .filter(({ provenAt }) => at >= provenAt)
      .map((suspect) => ({ ...suspect, held: heldBack(suspect, look) })),
  };
}

/** Why something is not to be removed, however long it was seen. */
export function heldBack(suspect: Suspect, look: Look): string | undefined {
  const doubt = doubtAboutWorkers(look);
  if (doubt !== undefined) return doubt;
  if (look.workers?.size === 0) return 'the API server lists no BurstWorker at all, which is not believed';
  const doubts = look.listings.flatMap((listing) =>
    listing.pool === suspect.pool || suspect.kind === 'Node' ? (doubtAboutListing(listing, look.before) ?? []) : [],
  );
  return doubts[0] ?? (suspect.kind === 'Node' ? emptied(suspect.pool, look) : inUse(suspect.workerUid, look));
}

/** What is missing from an empty list is missing from no list. */
const emptied = (of: string, { listings }: Look): string | undefined =>
  listings.some(({ pool, machines }) => pool === of && machines?.length === 0)
    ? `the provider of WorkerPool ${of} lists no machine at all, which is not believed`
    : undefined;

/** A machine whose Node takes part in the cluster is somebody's, whatever became of its worker. */
function inUse(machine: string, { nodes }: Look): string | undefined {
  const own = nodes.filter((node) => machineOf(node) === machine);
  const kept = own.map(isKept).find((why) => why !== undefined);
  const alive = own.find(answers);
  return kept ?? (alive && `its Node ${alive.metadata.name} is Ready: drain it with a NodeDrain, then delete it`);
}
