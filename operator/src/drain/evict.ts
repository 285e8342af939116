import type { KubeClient } from '../kube/client.ts';
import { Pods } from '../kube/core.ts';
import { hasCause, isConflict, isForbidden, isNotFound, isTooManyRequests, KubeError } from '../kube/errors.ts';
import type { PodAction } from './plan.ts';

/** What the API server made of an eviction, by consequence (contract D9). */
export type Answer =
  | { readonly kind: 'Accepted' }
  | { readonly kind: 'Gone' }
  /** Not now, and why; `retryAfterMs` when the server says when. */
  | { readonly kind: 'Refused'; readonly reason: string; readonly retryAfterMs?: number };

/** Evicts, or past the deadline deletes, exactly the pod that was seen: by UID, never by name alone (contract D8). Never throws for a refusal. */
export async function removePod(client: KubeClient, action: PodAction): Promise<Answer> {
  try {
    if (action.kind === 'Evict') await client.evict(action.pod);
    else
      await client.delete(Pods, `${action.pod.namespace}/${action.pod.name}`, {
        uid: action.pod.uid,
        gracePeriodSeconds: action.gracePeriodSeconds,
      });
    return { kind: 'Accepted' };
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): Answer {
  if (isNotFound(error) || isConflict(error)) return { kind: 'Gone' };
  if (isTooManyRequests(error) && hasCause(error, 'DisruptionBudget'))
    return { kind: 'Refused', reason: `A PodDisruptionBudget does not allow it: ${budgetSentence(error)}` };
  if (isTooManyRequests(error))
    return {
      kind: 'Refused',
      reason: 'The API server asks for patience',
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    };
  if (isForbidden(error) && hasCause(error, 'NamespaceTerminating'))
    return { kind: 'Refused', reason: 'Its namespace is being deleted' };
  if (error instanceof KubeError && error.status === 500 && /more than one PodDisruptionBudget/i.test(error.message))
    return { kind: 'Refused', reason: 'More than one PodDisruptionBudget covers it, which the eviction API refuses' };
  if (error instanceof KubeError && error.status >= 400 && error.status < 500)
    return { kind: 'Refused', reason: error.message };
  throw error;
}

const budgetSentence = (error: KubeError): string =>
  error.details?.causes?.find(({ reason }) => reason === 'DisruptionBudget')?.message ?? 'its budget is used up';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long after the n-th refusal an eviction is tried again: 1 s to 30 s, spread by the pod so that a herd parts (contract D10). */
export function retryDelayMs(refusals: number, podUid: string): number {
  const ceiling = Math.min(FIRST_MS * 2 ** Math.min(refusals, 10), LONGEST_MS);
  const spread = (Number.parseInt(podUid.replaceAll('-', '').slice(-4), 16) || 0) / 0xffff;
  return Math.round(ceiling / 2 + (ceiling / 2) * spread);
}
