import { expect, test } from 'vitest';
import { KubeError } from '../kube/errors.ts';
import { Waiting } from '../runtime/outcome.ts';
import type { Node } from '../kube/core.ts';
import { aNode, aWorker, checkpoint, holding, seenOf } from '../testing/workers.ts';
import { Actions } from './actions.ts';
import type { Seen } from './seen.ts';

const launched = { vm: checkpoint, conditions: holding('Admitted', 'Launched') };
const absent = new KubeError('scripted', { status: 404, reason: 'NotFound', message: '' });

/** Removes the machine where this is what the API server says of the worker, and answers whether the provider was asked. */
async function removing(
  seen: Seen,
  live: () => Promise<Seen['worker']>,
  liveList: (selector: object) => Promise<Node[]> = async () => [],
): Promise<string> {
  let asked = false;
  const kinds = { workers: { live }, nodes: { liveList, live: async () => Promise.reject(absent) } };
  const remove = async () => {
    asked = true;
    return { vm: { state: 'stopping' }, checkpoint, done: false };
  };
  const actions = new Actions({ kinds, machines: { remove } } as never);
  const outcome = await actions.perform({ kind: 'RemoveVm' }, seen).catch((error: unknown) => error);
  return `${asked ? 'removed' : 'kept'}, ${outcome instanceof Waiting ? outcome.reason : 'failed'}`;
}

test('D2: the machine of an attempt that is given up goes only if the API server knows no more of its worker', async () => {
  const worker = aWorker({}, launched);
  const seen = seenOf({ worker, vm: { state: 'running' } });
  const joined = { ...worker, metadata: { ...worker.metadata, resourceVersion: '2' } };
  const another = { ...worker, metadata: { ...worker.metadata, uid: 'another' } };

  expect(await removing(seen, async () => worker)).toBe('removed, Terminating');
  expect(await removing(seen, async () => joined)).toBe('kept, CopyBehind');
  expect(await removing(seen, async () => another)).toBe('kept, CopyBehind');
  expect(await removing(seen, async () => Promise.reject(absent))).toBe('kept, CopyBehind');
});

test('D2: a DELETE cannot be taken back, so nothing is asked about the worker', async () => {
  const worker = aWorker({}, launched, { deletionTimestamp: '2030-01-01T10:02:00Z' });

  expect(await removing(seenOf({ worker, vm: { state: 'running' } }), async () => Promise.reject(absent))).toBe(
    'removed, Terminating',
  );
});

test('S2: where nobody saw its Node join, it is looked for under every name, without a label of ours', async () => {
  const worker = aWorker({}, launched, { deletionTimestamp: '2030-01-01T10:02:00Z' });
  const labels = { 'node-role.kubernetes.io/control-plane': '' };
  const renamed = aNode({ metadata: { name: 'renamed', labels } });
  const list = async (selector: object) => ('labelSelector' in selector ? [] : [renamed]);

  expect(await removing(seenOf({ worker, vm: { state: 'running' } }), async () => worker, list)).toBe('kept, failed');
});
