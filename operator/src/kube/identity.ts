import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** What a TLS connection to the API server is made with. */
export interface Trust {
  readonly ca?: RequestOptions['ca'];
  readonly cert?: RequestOptions['cert'];
  readonly key?: RequestOptions['key'];
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly trust: Trust;
}

/**
 * Where the API server is. Throws a sentence for people when the kubeconfig names none:
 * client-node falls back to http://localhost:8080 in silence.
 */
export function serverOf(kubeConfig: KubeConfig): URL {
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster?.server || cluster.server === 'http://localhost:8080')
    throw new Error(
      'No Kubernetes cluster is configured: set KUBECONFIG, write ~/.kube/config, or run in a pod with a service account',
    );
  if (cluster.proxyUrl)
    throw new Error(
      `Cluster ${cluster.name} is reached through proxy-url, which is not supported: connect to it directly`,
    );
  return new URL(cluster.server);
}

/** Asks the kubeconfig anew: it re-reads token and certificate files and runs credential plugins. */
export async function identify(kubeConfig: KubeConfig): Promise<Identity> {
  const options: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return {
    headers: headersOf(options),
    trust: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      ...(servername === undefined ? {} : { servername }),
    },
  };
}

/** Equal trust means that open connections may stay; certificates rotate by the content of their files. */
export const sameTrust = (a: Trust, b: Trust): boolean => JSON.stringify(a) === JSON.stringify(b);

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const entries = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined);
  // A token file usually ends in a newline, which no header may hold.
  const given = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value).trim()]));
  return auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}`, ...given } : given;
}
