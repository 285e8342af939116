import { KubeError } from '@cortex/operator/kube/errors';
import type { Transport } from '@cortex/operator/kube/transport';
import { expect, onTestFinished, test } from 'vitest';
import { isMissing } from '../cluster-error.ts';
import { PooledCluster } from './cluster.ts';

/** An API server that answers each method when and as a test says; its watches are silent. */
function scripted() {
  const [get, post] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
  const transport: Transport = {
    call: async <A>(method: string) => (await (method === 'GET' ? get : post).promise) as A,
    async *watch(_path, _query, signal) {
      await new Promise((done) => signal.addEventListener('abort', done));
      yield [];
    },
    close: () => Promise.resolve(),
  };
  const cluster = new PooledCluster(transport, 'default', {});
  onTestFinished(() => cluster.close());
  return { cluster, get, post };
}

const DRAFT = { metadata: { name: 'a', namespace: 'default' }, spec: {} };
const MADE = { kind: 'Allocation', metadata: { ...DRAFT.metadata, uid: 'uid-of-a', resourceVersion: '5' }, spec: {} };
const absent = new KubeError('GET', { status: 404, reason: 'NotFound', message: 'allocations "a" not found' });

test('a 404 that is older than a create does not take away what was created', async () => {
  const { cluster, get, post } = scripted();
  let seen: unknown;
  cluster.watch('allocations', 'default/a', (object) => (seen = object?.metadata.uid));

  const asked = cluster.get('allocations', 'default/a');
  post.resolve(MADE);
  await cluster.create('allocations', DRAFT);
  get.reject(absent);
  await expect(asked).rejects.toSatisfy(isMissing);

  expect(seen).toBe('uid-of-a');
});

test('what was there when it was asked for, and is not found, is gone at once', async () => {
  const { cluster, get, post } = scripted();
  post.resolve(MADE);
  await cluster.create('allocations', DRAFT);
  let seen: unknown;
  cluster.watch('allocations', 'default/a', (object) => (seen = object?.metadata.uid));
  expect(seen).toBe('uid-of-a');

  get.reject(absent);
  await expect(cluster.get('allocations', 'default/a')).rejects.toSatisfy(isMissing);
  expect(seen).toBeUndefined();
});
