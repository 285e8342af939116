import { type Allocation, API_VERSION } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';

/** What the API server makes of a short request: defaults are its own business. */
export const allocation = (
  name: string,
  spec: { workers?: { count: number }; mcpServers?: string[] },
): Draft<Allocation> =>
  ({
    apiVersion: API_VERSION,
    kind: 'Allocation',
    metadata: { name, namespace: 'default' },
    spec,
  }) as Draft<Allocation>;

export const isReady = (object: Allocation | undefined): boolean =>
  object?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
