import { KubeConfig } from '@kubernetes/client-node';
import { inject, onTestFinished } from 'vitest';
import { createClient } from '../kube/api-client.ts';
import type { KubeClient } from '../kube/client.ts';
import { type ConfigMap, type Namespace, Namespaces } from '../kube/core.ts';
import { openTransport, type Transport, type TransportOptions } from '../kube/transport.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The text of an administrator's kubeconfig for the control plane that all edge tests share. */
    kubeconfig: string;
  }
}

export interface Edge {
  readonly kubeConfig: KubeConfig;
  readonly transport: Transport;
  readonly client: KubeClient;
}

export const configMap = (namespace: string, name: string, data: Record<string, string> = {}): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data }) as ConfigMap;

/** The kubeconfig of the shared control plane; `server` leads through somewhere else. */
export function edgeKubeConfig(server?: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  const text = inject('kubeconfig');
  kubeConfig.loadFromString(server === undefined ? text : text.replace(/server: \S+/, `server: ${server}`));
  return kubeConfig;
}

/** A connection to the shared control plane, as administrator unless told otherwise; closed when the test ends. */
export async function openEdge(kubeConfig = edgeKubeConfig(), options: TransportOptions = {}): Promise<Edge> {
  const transport = await openTransport(kubeConfig, options);
  onTestFinished(() => transport.close());
  return { kubeConfig, transport, client: createClient(transport) };
}

/** A namespace of the test's own, deleted in the background when the test ends. */
export async function ownNamespace(client: KubeClient): Promise<string> {
  const name = `edge-${crypto.randomUUID().slice(0, 8)}`;
  await client.create<Namespace>(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  onTestFinished(() => client.delete(Namespaces, name));
  return name;
}
