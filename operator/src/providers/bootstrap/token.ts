import { createHash, createHmac, X509Certificate } from 'node:crypto';
import type { Secret } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';

export type TokenMode = 'K3sBootstrap' | 'Kubeadm';

/** The group that may do no more than ask for a kubelet's certificate. */
const GROUP: Readonly<Record<TokenMode, string>> = {
  K3sBootstrap: 'system:bootstrappers:k3s:default-node-token',
  Kubeadm: 'system:bootstrappers:kubeadm:default-node-token',
};
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/**
 * A worker's token, the same each time under one key: so it is made without being read, and nothing in kube-system has to
 * be readable to the operator. Without the Secret that is made of it, it opens nothing.
 */
export function tokenOf(key: Buffer, workerUid: string): BootstrapToken {
  const bytes = createHmac('sha256', key).update(`bootstrap-token/${workerUid}`).digest();
  const text = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { id: text.slice(0, 6), secret: text.slice(6, 22) };
}

export const secretNameOf = ({ id }: BootstrapToken): string => `bootstrap-token-${id}`;

/** The Secret that makes the token valid until then; the control plane deletes it afterwards by itself. */
export const secretOf = (
  token: BootstrapToken,
  mode: TokenMode,
  workerUid: string,
  name: string,
  expires: Date,
): Draft<Secret> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: secretNameOf(token),
    namespace: 'kube-system',
    labels: { 'cortex.automation/worker-uid': workerUid },
  },
  type: 'bootstrap.kubernetes.io/token',
  stringData: {
    description: `BurstWorker ${name} joins with it`,
    'token-id': token.id,
    'token-secret': token.secret,
    expiration: `${expires.toISOString().slice(0, 19)}Z`,
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': String(mode === 'Kubeadm'),
    'auth-extra-groups': GROUP[mode],
  },
});

/** The token as its agent takes it: K3s pins the authority by the token itself, kubeadm by a hash of its own. */
export function spoken(mode: TokenMode, { id, secret }: BootstrapToken, ca: string): { token: string; caHash: string } {
  if (mode === 'Kubeadm') return { token: `${id}.${secret}`, caHash: `sha256:${publicKeyHash(ca)}` };
  const caHash = createHash('sha256').update(rootOf(ca)).digest('hex');
  return { token: `K10${caHash}::${id}.${secret}`, caHash };
}

/** K3s hashes the text of the last certificate of the bundle. */
function rootOf(ca: string): string {
  const all = ca.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
  const last = all.at(-1) ?? ca;
  return last.endsWith('\n') ? last : `${last}\n`;
}

const publicKeyHash = (ca: string): string =>
  createHash('sha256')
    .update(new X509Certificate(rootOf(ca)).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
