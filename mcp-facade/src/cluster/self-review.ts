import type { Transport } from '@cortex/operator/kube/transport';
import type { Right, Self } from '../cluster-port.ts';
import { translated } from './refusals.ts';

/** authorization.k8s.io/v1 SelfSubjectRulesReview: what its asker may do in one namespace, and beyond any. */
interface RulesReview {
  readonly status: {
    readonly incomplete: boolean;
    readonly evaluationError?: string;
    readonly resourceRules: readonly Partial<Right>[];
    readonly nonResourceRules: readonly Partial<Right>[];
  };
}

interface SubjectReview {
  readonly status: { readonly userInfo: { readonly username: string } };
}

const REVIEW = { kind: 'Review', plural: 'selfsubjectrulesreviews', group: 'authorization.k8s.io', namespaced: false };

/** Who this process is to the API server, and what it may do in these namespaces and beyond any: whoever is let in may ask that of itself. */
export async function selfOver(transport: Transport, namespaces: readonly string[]): Promise<Self> {
  try {
    const { status } = await post<SubjectReview>(transport, 'authentication.k8s.io/v1', 'SelfSubjectReview', {});
    const asked = [...new Set(namespaces)].map(
      async (namespace) =>
        await post<RulesReview>(transport, 'authorization.k8s.io/v1', 'SelfSubjectRulesReview', {
          spec: { namespace },
        }),
    );
    const reviews = await Promise.all(asked);
    return { user: status.userInfo.username, ...rightsIn(reviews.map((review) => review.status)) };
  } catch (error) {
    throw translated(error, { verb: 'get', type: REVIEW, key: '' });
  }
}

const post = async <A>(transport: Transport, apiVersion: string, kind: string, body: object): Promise<A> =>
  await transport.call('POST', `/apis/${apiVersion}/${kind.toLowerCase()}s`, { body: { apiVersion, kind, ...body } });

/** All that the reviews of some namespaces say together. */
function rightsIn(reviews: readonly RulesReview['status'][]): Omit<Self, 'user'> {
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
