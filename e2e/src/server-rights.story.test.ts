import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginWithServers, isReady, node, reasonOf, type ServerStory, workload } from './system/servers.ts';
import { allocation } from './system/story.ts';

let { story, servers } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers } = await beginWithServers());
  await story.apply(node('node-1') + '---' + workload('clock'));
  await servers.until('default/clock', isReady);
});
afterAll(() => story.end());

type Rule = { resources?: string[] };

const rules = async (): Promise<Rule[]> =>
  (JSON.parse(await story.kubectl('get', 'clusterrole', 'cortex-operator', '-o', 'json')) as { rules: Rule[] }).rules;

async function grant(granted: Rule[]): Promise<void> {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'cortex-operator' },
  };
  await story.plane.kubectl(['replace', '-f', '-'], { input: JSON.stringify({ ...role, rules: granted }) });
}

test('a right that is missing is a condition of the servers, and stops nothing else; granted, all is well again', async () => {
  await story.operator.end();
  const whole = await rules();
  await grant(whole.filter(({ resources = [] }) => !resources.includes('services')));
  await story.restartOperator();

  const refused = await servers.until('default/clock', (each) => reasonOf(each, 'Ready', 'Unknown') === 'Forbidden');
  expect(refused.status).toMatchObject({ phase: 'Running', ready: 1 });
  expect(refused.status?.conditions).toContainEqual(
    expect.objectContaining({
      message: 'The operator may not list and watch services: grant its ServiceAccount that right',
    }),
  );
  await story.apply(allocation('other', 'ttl: 60s'));
  await story.allocations.until('default/other', ({ status }: Allocation) => status?.phase === 'Active');

  await grant(whole);
  await servers.until('default/clock', isReady, 90_000);
});
