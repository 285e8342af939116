import type { KubeClient } from '../../kube/client.ts';
import { Leases, Nodes } from '../../kube/core.ts';
import type { KubeObject, ResourceType } from '../../kube/object.ts';
import type { Finding } from '../provider.ts';

interface AccessReview extends KubeObject {
  kind: 'SelfSubjectAccessReview';
  spec: { resourceAttributes: { group: string; resource: string; verb: string; namespace?: string } };
  status?: { allowed: boolean };
}

const AccessReviews: ResourceType<AccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
  namespaced: false,
};

const NEEDED = [
  ...['create', 'get', 'list', 'patch', 'delete'].map((verb) => ({ type: Leases, verb })),
  ...['create', 'get'].map((verb) => ({ type: Nodes, verb })),
];

/** The rights that are missing to make machines with records in this namespace. A review is asked, not stored. */
export async function missingRights(client: KubeClient, namespace: string): Promise<Finding[]> {
  const findings = await Promise.all(
    NEEDED.map(async ({ type, verb }) => {
      const where = type.namespaced ? { namespace } : {};
      const resourceAttributes = { group: type.group, resource: type.plural, verb, ...where };
      const review = await client.create(AccessReviews, {
        apiVersion: `${AccessReviews.group}/${AccessReviews.version}`,
        kind: AccessReviews.kind,
        metadata: {},
        spec: { resourceAttributes },
      });
      return review.status?.allowed === true
        ? []
        : [lacking(verb, type.plural, type.namespaced ? namespace : undefined)];
    }),
  );
  return findings.flat();
}

const lacking = (verb: string, plural: string, namespace: string | undefined): Finding => ({
  what: `The operator may not ${verb} ${plural}${namespace === undefined ? '' : ` in namespace ${namespace}`}`,
  fix:
    namespace === undefined
      ? `bind its ServiceAccount to a ClusterRole that may ${verb} ${plural}`
      : `bind its ServiceAccount to a Role in ${namespace} that may ${verb} ${plural}`,
});
