import type { Condition } from '@cortex/crds';
import { clean } from './text.ts';

/** Conditions as rows, in the order of their types. */
export const conditionRows = (conditions: readonly Condition[] = []) =>
  conditions
    .map(({ type, status, reason, message, lastTransitionTime }) => ({
      type: clean(type, 316),
      status,
      reason: clean(reason, 316),
      message: clean(message),
      last_update: lastTransitionTime,
    }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
