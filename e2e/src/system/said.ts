import type { Allocation } from '@cortex/crds';

type Conditions = NonNullable<NonNullable<Allocation['status']>['conditions']>;
type Speaking = { readonly status?: { readonly conditions?: Conditions | undefined } | undefined };

export const isTrue = ({ status }: Speaking, type: string): boolean =>
  status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;

/** `Reason: message` of a condition. */
export function said({ status }: Speaking, type: string): string {
  const condition = status?.conditions?.find((each) => each.type === type);
  return condition === undefined ? 'unsaid' : `${condition.reason}: ${condition.message}`;
}

export const isReady = (one: Speaking): boolean => isTrue(one, 'Ready');
export const isFinished = (one: Speaking): boolean => isTrue(one, 'Finished');
