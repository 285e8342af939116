import { LABEL, type McpServer } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginWithServers, node, reasonOf, type ServerStory, wish, workload } from './system/servers.ts';

let { story, servers } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers } = await beginWithServers());
  await story.apply(node('node-1'));
});
afterAll(() => story.end());

/** A server that is told to sleep when nothing uses it for a few seconds. */
const sleepy = (name: string): string => `${workload(name)}---
apiVersion: cortex.automation/v1alpha1
kind: McpServer
metadata: {name: ${name}, namespace: default}
spec: {workloadRef: {name: ${name}}, idle: {enabled: true, after: 3s}}
`;

const running = ({ status }: McpServer): boolean => status?.phase === 'Running';

test('a server that a waker reports calls for sleeps when they are over, and wakes with the next', async () => {
  await story.apply(sleepy('used'));
  await servers.until('default/used', running);
  const call = wish('call', 'used', 1, 'policy: AtLeast').replace(
    'namespace: default',
    `namespace: default, labels: {${LABEL.waker}: waker-0}`,
  );

  await story.apply(call);
  await servers.until('default/used', (each) => reasonOf(each, 'Idle', 'False') === 'InUse');
  await story.kubectl('delete', 'mss', 'call');
  const asleep = await servers.until('default/used', ({ status }) => status?.phase === 'Stopped');
  expect(reasonOf(asleep, 'Idle')).toBe('Idle');
  expect(asleep.status?.effective).toEqual({ replicas: 0, because: [{ kind: 'McpServer', name: 'used', wants: 0 }] });

  await story.apply(call);
  await servers.until('default/used', running);
});

test('without anything that reports calls, a server is never scaled down for being idle', async () => {
  await story.apply(sleepy('silent'));
  const silent = await servers.until('default/silent', running);
  expect(reasonOf(silent, 'Idle', 'Unknown')).toBe('NoUsageSignal');

  // A server that sleeps beside it shows that its time has come and gone.
  await story.apply(sleepy('witness'));
  const used = wish('one-call', 'witness', 1, 'policy: AtLeast').replace(
    'namespace: default',
    `namespace: default, labels: {${LABEL.waker}: waker-0}`,
  );
  await story.apply(used);
  await servers.until('default/witness', (each) => reasonOf(each, 'Idle', 'False') === 'InUse');
  await story.kubectl('delete', 'mss', 'one-call');
  await servers.until('default/witness', ({ status }) => status?.phase === 'Stopped');

  expect(servers.get('default/silent')?.status).toMatchObject({ phase: 'Running', ready: 1 });
});
