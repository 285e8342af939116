import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { ServerClock } from '../runtime/clock.ts';
import { edgeKubeConfig, openEdge, ownNamespace } from '../testing/edge.ts';
import { connectionsTo } from '../testing/sockets.ts';
import { serverOf } from './identity.ts';

const portOf = (kubeConfig: KubeConfig): number => Number(serverOf(kubeConfig).port);

test('a hundred calls and eight watches use two connections', async () => {
  const { kubeConfig, transport } = await openEdge();
  const cut = new AbortController();
  const before = connectionsTo(portOf(kubeConfig));
  const watches = Array.from({ length: 8 }, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = transport.watch('/api/v1/namespaces', { resourceVersion: '0' }, cut.signal, resolve).next();
    await Promise.race([promise, watch]);
  });
  await Promise.all(watches);
  await Promise.all(Array.from({ length: 100 }, () => transport.call('GET', '/api/v1/namespaces/default')));

  expect(connectionsTo(portOf(kubeConfig)) - before).toBe(2);
  cut.abort();
});

test('a refusal of the real server carries status, reason and message', async () => {
  const { transport } = await openEdge();

  await expect(transport.call('GET', '/api/v1/namespaces/none')).rejects.toMatchObject({
    status: 404,
    reason: 'NotFound',
    message: 'GET /api/v1/namespaces/none: 404 NotFound: namespaces "none" not found',
  });
});

test('a service account speaks with its token', async () => {
  const admin = await openEdge();
  const namespace = await ownNamespace(admin.client);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await admin.transport.call('POST', path, {
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator' } },
  });
  const { status } = await admin.transport.call<{ status: { token: string } }>('POST', `${path}/operator/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  const { transport } = await openEdge(withToken(status.token));

  expect(await whoAmI(transport)).toBe(`system:serviceaccount:${namespace}:operator`);
});

function withToken(token: string): KubeConfig {
  const cluster = edgeKubeConfig().getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig of the control plane names no cluster');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(cluster, { name: 'account', token });
  return kubeConfig;
}

async function whoAmI(transport: Awaited<ReturnType<typeof openEdge>>['transport']): Promise<string> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const review = await transport.call<{ status: { userInfo: { username: string } } }>('POST', path, { body });
  return review.status.userInfo.username;
}

test('T7: the answers of the real server tell its time', async () => {
  const clock = new ServerClock();
  const { transport } = await openEdge(edgeKubeConfig(), {
    observer: { dated: (date, sentAt, receivedAt) => clock.observe(date, sentAt, receivedAt) },
  });
  await transport.call('GET', '/version');

  expect(Math.abs(clock.skewMs ?? Number.NaN)).toBeLessThan(1500);
  expect(clock.trusted).toBe(true);
});

test('a version that the server no longer has is an ERROR frame with code 410', async () => {
  const { transport } = await openEdge();
  const watch = transport.watch(
    '/apis/cortex.automation/v1alpha1/allocations',
    { resourceVersion: '1' },
    new AbortController().signal,
  );

  expect((await watch.next()).value).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
});
