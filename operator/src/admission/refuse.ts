import type { Allocation } from '@cortex/crds';
import { ANNOTATION, parseDuration } from '@cortex/crds';
import { keyOf } from '../kube/object.ts';
import type { Refusal } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import type { Answer } from './verdict.ts';

/** Waiting, or failed at once, or failed because it waited too long (contracts A9, A12). */
export function refuse(candidate: Candidate, why: Refusal, now: Date): Answer {
  if (failsAtOnce(candidate)) return { kind: 'Fail', candidate, ...asFailure(candidate, why) };
  if (candidate.kind === 'Allocation') {
    const { at, reason, said } = deadlineOf(candidate);
    if (now.getTime() >= at) return { kind: 'Fail', candidate, reason, message: `${said}. ${why.message}` };
  }
  return { kind: 'Wait', candidate, ...why };
}

export const failsAtOnce = (candidate: Candidate): boolean =>
  candidate.kind === 'Allocation'
    ? candidate.spec.whenInsufficient === 'Fail'
    : candidate.metadata.annotations?.[ANNOTATION.whenInsufficient] === 'Fail';

/** A worker has no queue to fail from: it reached the limit. */
const asFailure = (candidate: Candidate, { reason, message }: Refusal): Refusal =>
  candidate.kind === 'Allocation' ? { reason, message } : { reason: 'LimitReached', message };

/** When a waiting Allocation gives up, and how it says so; workers that people make wait for as long as they exist. */
export function deadlineOf({ spec, status, metadata }: Allocation): {
  readonly at: number;
  readonly reason: 'QueueTimeout' | 'MaxLifetimeReached';
  readonly said: string;
} {
  const created = Date.parse(metadata.creationTimestamp);
  const patience = created + parseDuration(spec.queueTimeout);
  const ceiling = Date.parse(status?.chainStartedAt ?? metadata.creationTimestamp) + parseDuration(spec.maxLifetime);
  return patience <= ceiling
    ? { at: patience, reason: 'QueueTimeout', said: `Waited ${spec.queueTimeout} in the queue` }
    : {
        at: ceiling,
        reason: 'MaxLifetimeReached',
        said: `Waited until its maxLifetime of ${spec.maxLifetime} was over`,
      };
}

/** Why one must wait although there may be room: somebody is served first. */
export function behind(head: Candidate, requested: number, available: number): Refusal {
  const numbers = Number.isFinite(available) ? `Requested ${requested}, available ${available}, but ` : '';
  return { reason: 'WaitingForQuota', message: `${numbers}${head.kind} ${keyOf(head)} is served first` };
}
