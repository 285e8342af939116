import type { Call } from './call.ts';
import { Failure } from './failures.ts';
import { digest } from './names.ts';
import { instant } from './present/units.ts';

const MINUTE_MS = 60_000;
/** How long a token is honoured. */
const MINUTES = 5;

/** What a call would do, told before it does it. */
export interface Plan {
  readonly tool: string;
  /** The arguments of the call; a token for others is none for these. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly uid: string;
  /** What the plan rests on: once any of it changes, it is another plan. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** One sentence for a person: what happens to whom. */
  readonly effect: string;
}

/** The client is to ask its user, and to repeat the call with the answer. */
export class AskUser extends Error {
  override readonly name = 'AskUser';
  /** Comes back with the answer. */
  readonly state: string;

  constructor(question: string, state: string) {
    super(question);
    this.state = state;
  }
}

/**
 * Goes on once the plan is confirmed. A client that can ask its user does so; for any other the first call changes
 * nothing and hands out a token. The token is a plain digest of the plan and the minute, so any replica knows it and none
 * keeps it: it is a stop to think, not a proof that a person agreed.
 */
export function confirmed(plan: Plan, call: Call): void {
  const { required, asks, answer } = call.confirmation;
  if (!required) return;
  const minute = Math.floor(call.now().getTime() / MINUTE_MS);
  if (asks) return byUser(plan, answer, minute, call);
  if (isHonoured(plan.args['confirm_token'], plan, minute, call)) return;
  const isRepeated = plan.args['confirm_token'] !== undefined;
  throw new Failure('confirmation_required', `${plan.effect}. Nothing was changed yet`, {
    nextStep: isRepeated
      ? 'The confirm_token does not fit: its time is over, or something it rests on has changed. Look at plan again, and repeat the call with the new one.'
      : 'If plan is what you want, repeat the call with this confirm_token.',
    retryable: true,
    data: {
      plan: { effect: plan.effect, ...plan.facts },
      confirm_token: tokenFor(plan, minute, call),
      expires_at: instant(new Date((minute + MINUTES) * MINUTE_MS)),
    },
  });
}

function byUser(plan: Plan, answer: Call['confirmation']['answer'], minute: number, call: Call): void {
  if (answer === undefined || !isHonoured(answer.state, plan, minute, call))
    throw new AskUser(`${plan.effect}. Go on?`, tokenFor(plan, minute, call));
  if (answer.accepted) return;
  throw new Failure('forbidden', 'The user did not agree', {
    nextStep: 'Do not repeat this call unless the user asks for it.',
  });
}

function isHonoured(token: unknown, plan: Plan, minute: number, call: Call): boolean {
  if (typeof token !== 'string') return false;
  return Array.from({ length: MINUTES }, (_, age) => tokenFor(plan, minute - age, call)).includes(token);
}

function tokenFor({ tool, args, uid, facts }: Plan, minute: number, { caller }: Call): string {
  const { confirm_token: _, ...others } = args;
  return digest([caller.principal, tool, others, uid, facts, minute]).slice(0, 32);
}
