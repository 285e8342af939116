import { expect, test } from 'vitest';
import { Things, thing } from '../testing/objects.ts';
import { ScriptedTransport } from '../testing/scripted-transport.ts';
import { createClient } from './api-client.ts';
import { Pods } from './core.ts';
import { KubeError } from './errors.ts';

const page = (items: unknown[], next?: string): object => ({
  apiVersion: 'test.example/v1',
  kind: 'ThingList',
  metadata: { resourceVersion: '9', ...(next === undefined ? {} : { continue: next }) },
  items,
});

test('a list goes through every page, and its items say what they are', async () => {
  const server = new ScriptedTransport();
  server.answer = (_, __, { query }) =>
    query?.['continue'] === 'c' ? page([{ metadata: { name: 'b' } }]) : page([{ metadata: { name: 'a' } }], 'c');
  const things = await createClient(server).list(Things, { namespace: 'x', labelSelector: 'l=1' });

  expect(things).toMatchObject([
    { apiVersion: 'test.example/v1', kind: 'Thing', metadata: { name: 'a' } },
    { apiVersion: 'test.example/v1', kind: 'Thing', metadata: { name: 'b' } },
  ]);
  expect(server.calls[1]?.options.query).toMatchObject({ continue: 'c', labelSelector: 'l=1', limit: 500 });
});

test('a page token that expires between two pages means starting over, once', async () => {
  const server = new ScriptedTransport();
  server.answer = (_, __, { query }) => {
    if (query?.['continue'] === 'expired') throw new KubeError('GET', { status: 410, reason: 'Expired', message: '' });
    return server.calls.length === 1 ? page([{}], 'expired') : page([{ metadata: { name: 'a' } }]);
  };

  expect((await createClient(server).list(Things)).length).toBe(1);
});

test('deletion names its preconditions', async () => {
  const server = new ScriptedTransport();
  await createClient(server).delete(Pods, 'a/b', { uid: 'u', gracePeriodSeconds: 5 });

  expect(server.calls).toMatchObject([{ method: 'DELETE', path: '/api/v1/namespaces/a/pods/b' }]);
  expect(server.calls[0]?.options.body).toMatchObject({ preconditions: { uid: 'u' }, gracePeriodSeconds: 5 });
});

test('D8: an eviction carries the UID of the pod', async () => {
  const server = new ScriptedTransport();
  await createClient(server).evict({ namespace: 'a', name: 'b', uid: 'u' });

  expect(server.calls).toMatchObject([{ method: 'POST', path: '/api/v1/namespaces/a/pods/b/eviction' }]);
  expect(server.calls[0]?.options.body).toMatchObject({ deleteOptions: { preconditions: { uid: 'u' } } });
});

test('an object without a namespace is not created somewhere', () => {
  const client = createClient(new ScriptedTransport());
  const { namespace: _, ...metadata } = thing('a', 1).metadata;

  expect(() => client.create(Things, { ...thing('a', 1), metadata })).toThrow(
    'metadata.namespace of a Thing must be set',
  );
});
