import type { BurstWorkerStatus } from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import type { Plan } from './input.ts';

type DrainBlock = NonNullable<BurstWorkerStatus['drain']>;

/**
 * How far a drain is, as it is shown. Start and deadline are counted once; a later edit of the timeout may only bring the
 * deadline nearer (contract D12).
 */
export function drainBlock(
  before: DrainBlock | undefined,
  plan: Plan | undefined,
  timeoutMs: number,
  now: Date,
): DrainBlock {
  if (before?.startedAt === undefined) return { startedAt: timestamp(now), deadline: later(now, timeoutMs) };
  const nearer = later(new Date(before.startedAt), timeoutMs);
  const deadline = before.deadline === undefined || nearer < before.deadline ? nearer : before.deadline;
  if (plan === undefined) return { ...before, deadline };
  const { eta: _eta, blockers: _blockers, ...rest } = before;
  return {
    ...rest,
    deadline,
    wave: plan.wave,
    pods: plan.counts,
    ...(plan.blockers.length === 0 ? {} : { blockers: [...plan.blockers] }),
    ...(plan.eta === undefined ? {} : { eta: timestamp(plan.eta) }),
  };
}

const later = (from: Date, ms: number): string => timestamp(new Date(from.getTime() + ms));
