import { expect, test } from 'vitest';
import { Limits } from './limits.ts';
import { grantsOf, PROFILES } from './profiles.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';
import type { Access } from './tool.ts';
import { TOOLS } from './tools/all.ts';
import { Toolbox } from './toolbox.ts';

const cluster = new MemoryCluster();
const offering = (granted: readonly Access[]): Toolbox =>
  new Toolbox({
    tools: TOOLS,
    cluster,
    namespace: 'default',
    granted,
    confirmation: false,
    limits: new Limits({ perPrincipal: false }),
  });

const call = async (toolbox: Toolbox, name: string, args: object, granted?: readonly Access[]) => {
  const incoming = {
    caller: { principal: 'a', client: 'b' },
    signal: new AbortController().signal,
    progress: undefined,
    granted,
  };
  return await toolbox.call(name, args, incoming);
};

test('readonly shows nothing that changes anything, and nothing that could destroy', () => {
  const shown = offering(grantsOf('readonly')).published();

  expect(shown).toHaveLength(8);
  for (const { annotations } of shown)
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
});

const names = (profile: (typeof PROFILES)[number]) =>
  offering(grantsOf(profile))
    .published()
    .map(({ name }) => name);

test('operator shows all but what destroys workers, admin shows all', () => {
  expect(names('admin')).toHaveLength(16);
  expect(names('admin').filter((name) => !names('operator').includes(name))).toEqual(['destroy_worker']);
});

test('what a profile does not show is not there to be called either', async () => {
  expect(await call(offering(grantsOf('readonly')), 'request_resources', { job_id: 'a' })).toBeUndefined();
  expect(await call(offering(grantsOf('operator')), 'destroy_worker', { worker_id: 'a' })).toBeUndefined();
});

test('a stop by force needs what destroying needs', async () => {
  const refused = await call(offering(grantsOf('operator')), 'stop_mcp', { name: 'github', force: true });

  expect(refused).toMatchObject({
    isError: true,
    structuredContent: { code: 'forbidden', error: 'This call of stop_mcp needs destroy access' },
  });
});

test('a caller sees and may do what its token grants, within what the process offers', async () => {
  const toolbox = offering(grantsOf('operator'));

  expect(toolbox.published(['read'])).toHaveLength(8);
  expect(await call(toolbox, 'request_resources', { job_id: 'a' }, ['read'])).toMatchObject({
    structuredContent: { code: 'forbidden', error: 'This call of request_resources needs write access' },
  });
  expect(cluster.writes).toEqual([]);
});
