import type { Judgement } from './judge.ts';
import type { Look } from './seen.ts';
import type { Leak, LostMachine, LostNode } from './suspect.ts';

/** Leaks are told of, or also removed. */
export type Mode = 'Report' | 'Remove';

/** Everything one pass takes in: what was looked at, what it came to, and what holds it back besides. */
export interface Seen extends Judgement {
  readonly look: Look;
  /** Machines whose removal has begun, and that are listed no more. */
  readonly unfinished: readonly LostMachine[];
}

/** What is done about leaks. Each is safe to repeat. */
export type Action =
  | { readonly kind: 'RemoveMachine'; readonly machine: LostMachine }
  | { readonly kind: 'DeleteNode'; readonly node: LostNode };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs: number;
  readonly parallel: true;
}

const SWEEP_MS = 5 * 60_000;
/** A machine goes in steps: shut down, switched off, destroyed. */
const STEP_MS = 5_000;

/** What nothing holds back goes; the rest is looked at again, at the latest when it is proven. */
export function decide({ leaks, memory, unfinished }: Seen, now: Date): Decision {
  const actions: Action[] = [
    ...leaks.filter(({ held }) => held === undefined).map(actionOn),
    ...unfinished.map((machine) => ({ kind: 'RemoveMachine' as const, machine })),
  ];
  const untilProven = memory.suspects.map(({ provenAt }) => provenAt - now.getTime()).filter((left) => left > 0);
  const requeueAfterMs = actions.length > 0 ? STEP_MS : Math.min(SWEEP_MS, ...untilProven);
  return { actions, requeueAfterMs, parallel: true };
}

const actionOn = (leak: Leak): Action =>
  leak.kind === 'Machine' ? { kind: 'RemoveMachine', machine: leak } : { kind: 'DeleteNode', node: leak };

export const REPORT_ONLY =
  'orphans are only reported; with operator.orphans=Remove (CORTEX_ORPHANS) it is removed once it was seen long enough';

/** Adds what holds leaks back besides themselves: the mode, a freeze, a breaker, which is asked only for what would go. */
export function withHolds(
  leaks: readonly Leak[],
  mode: Mode,
  frozen: string | undefined,
  breaker: (leak: Leak) => string | undefined,
): Leak[] {
  const judged = leaks.map((leak) => ({
    ...leak,
    held: leak.held ?? (mode === 'Report' ? REPORT_ONLY : undefined) ?? frozen,
  }));
  for (const leak of judged) if (leak.held === undefined) breaker(leak); // all are counted before the first may go
  return judged.map((leak) => ({ ...leak, held: leak.held ?? breaker(leak) }));
}
