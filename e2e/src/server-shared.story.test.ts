import type { Allocation, McpServer } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operatorWrites, wordsOf } from './system/operator-writes.ts';
import { beginWithServers, isReady, node, type ServerStory, wish, workload } from './system/servers.ts';
import { allocation } from './system/story.ts';

let { story, servers, wishes } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers, wishes } = await beginWithServers({ auditPolicy: true }));
  await story.apply(node('node-1'));
});
afterAll(() => story.end());

const running = ({ status }: McpServer): boolean => status?.phase === 'Running';
const stopped = ({ status }: McpServer): boolean => status?.phase === 'Stopped';
const active = ({ status }: Allocation): boolean => status?.phase === 'Active';

const release = (name: string): Promise<string> => story.kubectl('delete', 'alloc', name);

test('C6: Allocations share a server: it starts for the first, and stops after the last', async () => {
  await story.apply(workload('shared', { replicas: 0 }));
  await servers.until('default/shared', stopped);

  await story.apply(allocation('one', 'mcpServers: [shared]') + '---' + allocation('two', 'mcpServers: [shared]'));
  await story.allocations.until('default/one', active);
  await story.allocations.until('default/two', active);
  const both = await servers.until('default/shared', ({ status }) => status?.effective?.because?.length === 2);
  expect(both.status?.ready).toBe(1);
  expect(
    both.status?.effective?.because?.map(({ kind, name, wants }) => `${kind} ${name} wants ${wants}`).toSorted(),
  ).toEqual(['Allocation one wants 1', 'Allocation two wants 1']);

  await release('one');
  const left = await servers.until('default/shared', ({ status }) => status?.effective?.because?.length === 1);
  expect(left.status).toMatchObject({ phase: 'Running', effective: { because: [{ name: 'two' }] } });

  await release('two');
  await servers.until('default/shared', stopped);
});

test('the last release stops nothing that somebody else wants', async () => {
  await story.apply(workload('wanted', { replicas: 0 }) + '---' + wish('person', 'wanted', 1));
  await servers.until('default/wanted', running);
  await story.apply(allocation('job', 'mcpServers: [wanted]'));
  await story.allocations.until('default/job', active);

  await release('job');
  await wishes.eventually(
    (all) => (all.some(({ metadata }) => metadata.name.startsWith('job-')) ? undefined : true),
    'the wish to go',
  );
  await story.kubectl('label', 'deployment', 'wanted', 'witness=yes');
  const after = await servers.until('default/wanted', ({ metadata }) => metadata.labels?.['witness'] === 'yes');
  expect(after.status).toMatchObject({
    phase: 'Running',
    effective: { because: [{ kind: 'McpServerScale', name: 'person' }] },
  });
  await story.kubectl('delete', 'mss', 'person');
});

test('forced stop, then start, then an Allocation that names it: up again', async () => {
  await story.apply(workload('stubborn'));
  await story.apply(allocation('holder', 'mcpServers: [stubborn]'));
  await story.allocations.until('default/holder', active);
  await story.apply(wish('stop', 'stubborn', 0, 'policy: Override, force: true'));
  await servers.until('default/stubborn', stopped);
  const overruled = await wishes.eventually(
    (all) => all.find(({ metadata, status }) => metadata.name.startsWith('holder-') && status?.phase === 'Superseded'),
    'the wish of holder to be superseded',
  );
  expect(overruled.spec.policy).toBe('AtLeast');

  await story.apply(wish('start', 'stubborn', 1));
  await servers.until('default/stubborn', running);
  await story.kubectl('delete', 'mss', 'start');
  await servers.until('default/stubborn', stopped);

  await story.apply(allocation('newcomer', 'mcpServers: [stubborn]'));
  await story.allocations.until('default/newcomer', active);
  await servers.until('default/stubborn', running);
});

test('a forced stop gives pods no time, and leaves the pod template as it was', async () => {
  await story.apply(node('dead', { dead: true }) + '---' + workload('hung', { pod: 'nodeName: dead' }));
  await servers.until('default/hung', ({ status }) => status?.phase === 'Scaling');
  const template = ['get', 'deployment', 'hung', '-o', 'jsonpath={.spec.template}'];
  const before = await story.kubectl(...template);

  await story.apply(wish('kill', 'hung', 0, 'force: true'));
  await expect.poll(() => story.kubectl('get', 'pods', '-l', 'app=hung', '-o', 'name'), { timeout: 30_000 }).toBe('');

  expect(await story.kubectl(...template)).toBe(before);
  await servers.until('default/hung', stopped);
});

test('an Allocation of a running server costs its wish and one status, its end nothing', async () => {
  await story.apply(workload('cheap'));
  await servers.until('default/cheap', running);
  await story.apply(allocation('first', 'mcpServers: [cheap]'));
  await story.allocations.until('default/first', active);
  await servers.until(
    'default/cheap',
    ({ status }) => status?.conditions?.some(({ reason }) => reason === 'Claimed') ?? false,
  );
  const before = (await operatorWrites(story.plane)).length;

  await story.apply(allocation('second', 'mcpServers: [cheap]'));
  await story.allocations.until('default/second', active);
  await release('second');
  await wishes.eventually(
    (all) => (all.some(({ metadata }) => metadata.name.startsWith('second-')) ? undefined : true),
    'the wish to go',
  );

  const after = (await operatorWrites(story.plane)).slice(before).map(wordsOf);
  expect(after.toSorted()).toEqual(['create mcpserverscales', 'update allocations/status']);
  expect(isReady(servers.get('default/cheap') ?? {})).toBe(true);
});
