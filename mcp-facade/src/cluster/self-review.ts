import type { Right, Self } from './cluster-port.ts';

/** authorization.k8s.io/v1 SelfSubjectRulesReview: what its asker may do in one namespace, and beyond any. */
export interface RulesReview {
  readonly status: {
    readonly incomplete: boolean;
    readonly evaluationError?: string;
    readonly resourceRules: readonly Partial<Right>[];
    readonly nonResourceRules: readonly Partial<Right>[];
  };
}

/** All that the reviews of some namespaces say together. */
export function rightsIn(reviews: readonly RulesReview['status'][]): Omit<Self, 'user'> {
  const rules = reviews.flatMap(({ resourceRules, nonResourceRules }) => [...resourceRules, ...nonResourceRules]);
  return {
    rights: rules.map(({ verbs = [], apiGroups = [], resources = [], nonResourceURLs = [] }) => ({
      verbs,
      apiGroups,
      resources,
      nonResourceURLs,
    })),
    incomplete: reviews.find(({ incomplete }) => incomplete)?.evaluationError,
  };
}
