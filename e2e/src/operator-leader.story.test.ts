import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allocation, Story } from './system/story.ts';
import { serviceAccountKubeconfig } from './system/identity.ts';
import { type OperatorAddress, startOperator } from './system/system.ts';

let story: Story;
let standby: OperatorAddress;

beforeAll(async () => {
  story = await Story.begin();
  standby = await startOperator(
    story.plane,
    { folder: story.folder },
    { kubeconfig: await serviceAccountKubeconfig(story.plane, 'cortex-operator'), env: { CORTEX_IDENTITY: 'standby' } },
  );
});
afterAll(async () => {
  await standby.operator.end();
  await story.end();
});

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const leads = async (url: string): Promise<boolean> =>
  /^cortex_leader 1$/m.test(await (await fetch(`${url}/metrics`)).text());

test('of two operators one works and the other is ready; when the first ends, the second goes on at once', async () => {
  expect([await leads(story.url), await leads(standby.url)]).toEqual([true, false]);
  await story.apply(allocation('first', 'ttl: 60s'));
  await story.allocations.until('default/first', isReady);

  expect(await story.operator.end()).toBe(0);

  await story.apply(allocation('second', 'ttl: 60s'));
  const ready = await story.allocations.until('default/second', isReady, 10_000);
  expect(ready.status?.phase).toBe('Active');
  expect(await leads(standby.url)).toBe(true);
});

test('S10: a killed leader is followed only when its lease has run out', async () => {
  await story.restartOperator();
  const killedAt = performance.now();
  await standby.operator.end('SIGKILL');

  await story.apply(allocation('third', 'ttl: 60s'));
  await story.allocations.until('default/third', isReady, 60_000);

  expect(performance.now() - killedAt).toBeGreaterThan(20_000);
});
