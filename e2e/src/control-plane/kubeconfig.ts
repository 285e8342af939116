import { parse, stringify } from 'yaml';

/** What proves an administrator to the API server, and the API server to an administrator. */
export interface AdminCredentials {
  readonly server: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

/** A kubeconfig that holds its certificates, so that its text alone is enough; kwokctl's names files. */
export function toKubeconfig(name: string, { server, ca, cert, key }: AdminCredentials): string {
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

/** Reads what `toKubeconfig` wrote. */
export function fromKubeconfig(kubeconfig: string): AdminCredentials {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig;
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  return { server, ca: bytes(ca), cert: bytes(cert), key: bytes(key) };
}

function base64(content: Buffer): string {
  return content.toString('base64');
}

function bytes(content: string): Buffer {
  return Buffer.from(content, 'base64');
}
