import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What proves an administrator to the API server, and the API server to an administrator. */
export interface AdminCredentials {
  readonly server: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads what kwokctl wrote into the folder of its cluster. */
export function adminCredentials(clusterFolder: string, port: number): AdminCredentials {
  const pki = (file: string) => readFileSync(join(clusterFolder, 'pki', file));
  return { server: `https://127.0.0.1:${port}`, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') };
}

/** A kubeconfig that holds its certificates, so that its text alone is enough; kwokctl's names files. */
export function toKubeconfig(name: string, { server, ca, cert, key }: AdminCredentials): string {
  const base64 = (content: Buffer) => content.toString('base64');
  const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
