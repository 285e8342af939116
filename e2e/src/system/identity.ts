import { stringify } from 'yaml';
import { parse } from 'yaml';
import type { ControlPlane } from '../control-plane/control-plane.ts';

const NAMESPACE = 'cortex-system';

/**
 * A kubeconfig that speaks as a ServiceAccount, by a token the API server issued for it: the product never runs as
 * an administrator here, so its roles are tried wherever it runs.
 */
export async function serviceAccountKubeconfig(plane: ControlPlane, account: string): Promise<string> {
  const token = await plane.kubectl(['create', 'token', account, '--namespace', NAMESPACE, '--duration', '720h']);
  const { clusters } = parse(plane.kubeconfig) as { clusters: unknown[] };
  const [cluster] = clusters as [{ name: string }];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters,
    users: [{ name: account, user: { token: token.trim() } }],
    contexts: [{ name: account, context: { cluster: cluster.name, user: account, namespace: NAMESPACE } }],
    'current-context': account,
  });
}

/** The user name under which a ServiceAccount appears in the audit log. */
export const auditName = (account: string): string => `system:serviceaccount:${NAMESPACE}:${account}`;
