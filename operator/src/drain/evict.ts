import type { KubeClient } from '../kube/client.ts';
import { Pods } from '../kube/core.ts';
import { hasCause, isConflict, isForbidden, isNotFound, isTooManyRequests, KubeError } from '../kube/errors.ts';
import type { Answer, PodAction } from './input.ts';

const PATIENCE_MS = 1_000;

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
    return { kind: 'Refused', by: 'Budget', message: budgetSentence(error) };
  if (isTooManyRequests(error)) return { kind: 'Throttled', retryAfterMs: error.retryAfterMs ?? PATIENCE_MS };
  if (isForbidden(error) && hasCause(error, 'NamespaceTerminating'))
    return { kind: 'Refused', by: 'Server', message: 'its namespace is being deleted, which ends it' };
  if (error instanceof KubeError && error.status === 500 && /more than one PodDisruptionBudget/i.test(error.message))
    return {
      kind: 'Refused',
      by: 'Budgets',
      message: 'more than one PodDisruptionBudget covers it, which the eviction API refuses; let one be enough',
    };
  if (error instanceof KubeError && error.status >= 400 && error.status < 500)
    return { kind: 'Refused', by: 'Server', message: error.message };
  throw error;
}

const budgetSentence = (error: KubeError): string =>
  error.details?.causes?.find(({ reason }) => reason === 'DisruptionBudget')?.message ?? 'its budget is used up';
