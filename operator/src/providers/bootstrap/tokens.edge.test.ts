import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigMaps, Secrets } from '../../kube/core.ts';
import { isNotFound } from '../../kube/errors.ts';
import { openEdge, ownNamespace } from '../../testing/edge.ts';
import { BootstrapTokens } from './tokens.ts';

async function tokens() {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  // The controller manager puts the authority into a new namespace a moment after it is made.
  await vi.waitFor(() => client.get(ConfigMaps, `${namespace}/kube-root-ca.crt`), 20_000);
  const owner = { clusterId: 'c', workerUid: crypto.randomUUID(), name: 'burst-0' };
  const room = () => new BootstrapTokens({ client, namespace, now: () => new Date() });
  onTestFinished(() => room().revoke(owner));
  const secretFor = async (token: string) => {
    const [, id] = /([a-z0-9]{6})\.[a-z0-9]{16}$/.exec(token) ?? [];
    return await client.get(Secrets, `kube-system/bootstrap-token-${id}`).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return undefined;
    });
  };
  return { client, namespace, owner, room, secretFor };
}

describe('28: the token of a worker', () => {
  test('is a Secret the control plane takes for one, expires, and is gone once it is revoked', async () => {
    const { owner, room, secretFor } = await tokens();
    const { token } = await room().issue(owner, 'K3sBootstrap', 1_800_000);
    const secret = await secretFor(token);
    const text = (key: string): string => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();

    expect(secret?.type).toBe('bootstrap.kubernetes.io/token');
    expect(token).toContain(`${text('token-id')}.${text('token-secret')}`);
    expect(Date.parse(text('expiration')) - Date.now()).toBeGreaterThan(1_700_000);

    await room().revoke(owner);
    await room().revoke(owner);
    await expect(secretFor(token)).resolves.toBeUndefined();
  });

  test('is the same for two processes and after a restart, and valid anew', async () => {
    const { owner, room, secretFor } = await tokens();
    const [one, other] = await Promise.all([room(), room()].map((each) => each.issue(owner, 'Kubeadm', 60_000)));
    const again = await room().issue(owner, 'Kubeadm', 3_600_000);

    expect([one?.token, other?.token]).toEqual([again.token, again.token]);
    const expiration = Buffer.from((await secretFor(again.token))?.data?.['expiration'] ?? '', 'base64').toString();
    expect(Date.parse(expiration) - Date.now()).toBeGreaterThan(3_500_000);
  });

  test('pins the authority of the cluster', async () => {
    const { client, namespace, owner, room } = await tokens();
    const { caHash } = await room().issue(owner, 'Kubeadm', 60_000);

    expect(caHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    const { data } = await client.get(Secrets, `${namespace}/cortex-bootstrap-key`);
    expect(Buffer.from(data?.['key'] ?? '', 'base64')).toHaveLength(32);
  });
});
