import type { Condition, ConditionType } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { adviceFor } from './advice.ts';
import { age } from './age.ts';
import { type Blocker, blockersOf } from './blockers.ts';
import { type Next, nextOf } from './next.ts';
import type { Subject, World } from './world.ts';

/** Why an object is as it is: what blocks it, since when, who can change that, what happens next and when (contract C9). */
export interface Explanation {
  readonly kind: string;
  readonly name: string;
  readonly phase: string;
  readonly reason?: string;
  readonly message: string;
  readonly since?: string;
  readonly blockers: readonly Blocker[];
  /** Where it stands in a line, and who has what it waits for, until when. */
  readonly turn?: string;
  readonly who?: string;
  readonly next?: Next;
}

export function explain(subject: Subject, world: World): Explanation {
  const { kind, metadata, status } = subject;
  const said = doubtIn(status?.conditions) ?? tellingOf(status?.conditions);
  const next = nextOf(subject, world);
  const turn = subject.kind === 'Allocation' ? world.placeOf?.(subject)?.sentence : undefined;
  const who = said === undefined || said.fine ? undefined : adviceFor(obstacleOf(subject) ?? said.condition.reason);
  return {
    kind,
    name: metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
    phase: phaseOf(subject, said),
    message: said?.condition.message ?? UNSEEN,
    ...(said === undefined ? {} : { reason: said.condition.reason, since: said.condition.lastTransitionTime }),
    blockers: blockersOf(subject, world),
    ...(turn === undefined ? {} : { turn }),
    ...(who === undefined ? {} : { who }),
    ...(next === undefined ? {} : { next }),
  };
}

/** All of it in one sentence. */
export function sentence(explanation: Explanation, now: Date): string {
  const { kind, name, phase, message, since, blockers, turn, who, next } = explanation;
  const passed = (from: string): string => age(now.getTime() - Date.parse(from));
  const forHowLong = since === undefined ? '' : ` for ${passed(since)}`;
  const [first, ...others] = blockers;
  const parts = [
    `${kind} ${name} has been ${phase}${forHowLong}: ${message}`,
    ...(turn === undefined ? [] : [`it is ${turn}`]),
    ...(first === undefined || turn !== undefined ? [] : [waitsFor(first, others.length, passed)]),
    ...(who === undefined ? [] : [who]),
    ...(next === undefined ? [] : [happens(next, now)]),
  ];
  return `${parts.join('; ')}.`;
}

const UNSEEN = 'the operator has not said anything of it yet; see with "kubectl cortex status" whether one runs';

export interface Telling {
  readonly condition: Condition;
  /** It is as it should be. */
  readonly fine: boolean;
}

/** While it is in doubt what an object is, nothing else about it matters (contract D2). */
function doubtIn(conditions: readonly Condition[] | undefined): Telling | undefined {
  const doubt = conditionOf(conditions, 'IdentityConflict');
  return doubt?.status === 'True' ? { condition: doubt, fine: false } : undefined;
}

/** The condition that says most about an object: its end, then what nobody will change by itself, then whether it is as it should be. */
export function tellingOf(conditions: readonly Condition[] | undefined): Telling | undefined {
  const finished = conditionOf(conditions, 'Finished');
  if (finished?.status === 'True') return { condition: finished, fine: true };
  const stalled = conditionOf(conditions, 'Stalled');
  if (stalled?.status === 'True') return { condition: stalled, fine: false };
  const condition = MAIN.map((type) => conditionOf(conditions, type)).find((each) => each !== undefined);
  return condition && { condition, fine: condition.status === 'True' };
}

const MAIN: readonly ConditionType[] = ['Ready', 'Drained', 'Applied', 'Accepted', 'Admitted'];

function phaseOf({ metadata, status }: Subject, said: Telling | undefined): string {
  const phase = status !== undefined && 'phase' in status ? status.phase : undefined;
  if (metadata.deletionTimestamp !== undefined) return LEAVING.has(phase ?? '') ? (phase ?? '') : 'on its way out';
  if (phase !== undefined) return phase;
  return said === undefined ? 'unseen' : said.fine ? 'Ready' : 'not Ready';
}

const LEAVING = new Set(['Draining', 'Terminating', 'Releasing', 'Restoring']);

/** What keeps pods from leaving is more to the point than that they leave. */
function obstacleOf({ status }: Subject): string | undefined {
  const drained = conditionOf(status?.conditions, 'Drained');
  return drained?.status === 'False' ? drained.reason : undefined;
}

function waitsFor({ kind, name, why, since }: Blocker, others: number, passed: (from: string) => string): string {
  const long = since === undefined ? '' : ` for ${passed(since)}`;
  return `it waits for ${kind} ${name}${long} (${why})${others === 0 ? '' : ` and ${others} more`}`;
}

function happens({ what, at }: Next, now: Date): string {
  const left = Date.parse(at) - now.getTime();
  return left <= 0 ? `${what} now` : `${what} in ${age(left)}, at ${at}`;
}
