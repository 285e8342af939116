import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, expect, test, vi } from 'vitest';
import { Things, thing } from '../testing/objects.ts';
import { ScriptedTransport } from '../testing/scripted-transport.ts';
import { createClient } from './api-client.ts';
import { OperatorShell } from './operator-shell.ts';

afterEach(() => void vi.restoreAllMocks());

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function shell(
  stop: () => Promise<void> = async () => undefined,
  init: () => Promise<void> = async () => undefined,
): OperatorShell {
  return new OperatorShell({ logger: silent, kubeConfig: new KubeConfig(), init, stop });
}

const BASE_IO = [
  'registerCustomResourceDefinition',
  'watchResource',
  'setResourceFinalizers',
  'setResourceStatus',
  'patchResourceStatus',
  'applyAxiosKubeConfigAuth',
  'applyGaxiosKubeConfigAuth',
];

test.for(BASE_IO)('%s of the base cannot be reached', async (method) => {
  const call = (Reflect.get(shell(), method) as (meta: object) => Promise<unknown>).bind(shell());

  await expect(call({})).rejects.toThrow(`${method} of @dot-i/k8s-operator is closed`);
});

test('every method of the base that does I/O is closed, also one that a new version brings', () => {
  const base = Object.getPrototypeOf(OperatorShell.prototype) as object;
  const harmless = ['constructor', 'start', 'handleResourceFinalizer', 'resourceStatusRequest', 'errorToJson'];
  const own = Object.getOwnPropertyNames(OperatorShell.prototype);
  const open = Object.getOwnPropertyNames(base).filter((name) => !own.includes(name) && !harmless.includes(name));

  expect(open).toEqual([]);
});

test('it starts by init, stops once, and never ends the process', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const [init, stop] = [
    vi.fn<() => Promise<void>>(async () => undefined),
    vi.fn<() => Promise<void>>(async () => undefined),
  ];
  const operator = shell(stop, init);
  await operator.start();
  operator.stop();
  await operator.shutdown();

  expect([init.mock.calls.length, stop.mock.calls.length]).toEqual([1, 1]);
  expect(exit).not.toHaveBeenCalled();
});

test('a stop that fails is told, and does not end the process either', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const error = vi.spyOn(silent, 'error');
  shell(() => Promise.reject(new Error('stuck'))).stop();

  await vi.waitFor(() => expect(error).toHaveBeenCalledWith('stopping failed: Error: stuck'));
  expect(exit).not.toHaveBeenCalled();
});

test('a finalizer is put on with the version that was seen, beside those of others', async () => {
  const server = new ScriptedTransport();
  const object = thing('a', 7, { finalizers: ['other/one'] });
  const done = await shell().finalize(createClient(server), Things, object, 'ours/vm', async () => undefined);

  expect(done).toBe(true);
  expect(server.calls).toMatchObject([
    {
      method: 'PATCH',
      options: { body: { metadata: { resourceVersion: '7', finalizers: ['other/one', 'ours/vm'] } } },
    },
  ]);
  expect(object.metadata.finalizers).toEqual(['other/one']);
});

test('a deleted object loses our finalizer after the clean-up, and keeps it when that fails', async () => {
  const server = new ScriptedTransport();
  const object = thing('a', 7, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['other/one', 'ours/vm'] });
  const finalize = (cleanUp: () => Promise<void>): Promise<boolean> =>
    shell().finalize(createClient(server), Things, object, 'ours/vm', cleanUp);
  await expect(finalize(() => Promise.reject(new Error('the VM is still there')))).rejects.toThrow('still there');
  expect(server.calls).toEqual([]);
  await finalize(async () => undefined);

  expect(server.calls).toMatchObject([{ options: { body: { metadata: { finalizers: ['other/one'] } } } }]);
});

test('an object that has its finalizer and lives needs nothing', async () => {
  const server = new ScriptedTransport();
  const object = thing('a', 7, { finalizers: ['ours/vm'] });

  expect(await shell().finalize(createClient(server), Things, object, 'ours/vm', async () => undefined)).toBe(false);
  expect(server.calls).toEqual([]);
});
