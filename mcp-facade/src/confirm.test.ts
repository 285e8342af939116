import { expect, test } from 'vitest';
import { asking } from './testing/asking.ts';
import type { MemoryCluster } from './testing/memory-cluster.ts';
import { allocation, condition, readyWorker, server } from './testing/objects.ts';

const DRAINED = { conditions: [condition('Drained', 'True', 'Drained')] };

/** A cluster with one drained worker, and a facade that wants confirmation. */
function world(cluster?: MemoryCluster) {
  const made = asking({ confirmation: true, ...(cluster === undefined ? {} : { cluster }) });
  if (cluster === undefined) made.cluster.put('workers', readyWorker('burst-1', { status: DRAINED }));
  return made;
}

const DESTROY = { worker_id: 'burst-1' };

test('the first call changes nothing, and hands out the plan, a token and its end', async () => {
  const { cluster, ask } = world();

  expect(await ask('destroy_worker', DESTROY)).toMatchObject({
    isError: true,
    code: 'confirmation_required',
    retryable: true,
    plan: {
      effect: 'The machine of worker burst-1 is destroyed and its Node removed. It is drained',
      phase: 'Ready',
      claimed_by: null,
      pods: 2,
      drained: true,
    },
    confirm_token: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    expires_at: '2026-01-01T12:05:00Z',
    next_step: 'If plan is what you want, repeat the call with this confirm_token.',
  });
  expect(cluster.writes).toEqual([]);
});

test('the call with its token acts, on another replica too', async () => {
  const { cluster, ask } = world();
  const { confirm_token } = await ask('destroy_worker', DESTROY);

  const replica = world(cluster);
  expect(await replica.ask('destroy_worker', { ...DESTROY, confirm_token })).toMatchObject({ status: 'destroyed' });
});

test.for([
  ['another principal', {}, 'somebody else'],
  ['other arguments', { force: true }, 'tester'],
] as const)('a token is none for %s', async ([, args, principal]) => {
  const { cluster, ask } = world();
  const { confirm_token } = await ask('destroy_worker', DESTROY);

  const refused = await ask('destroy_worker', { ...DESTROY, ...args, confirm_token }, principal);
  expect(refused).toMatchObject({ code: 'confirmation_required' });
  expect(refused['confirm_token']).not.toBe(confirm_token);
  expect(cluster.writes).toEqual([]);
});

test.for([
  ['phase', { status: { ...DRAINED, phase: 'Draining' as const } }],
  [
    'claim',
    {
      spec: { claimRef: { namespace: 'default', name: 'a', uid: 'u', reclaimPolicy: 'Delete' as const } },
      status: DRAINED,
    },
  ],
  ['pods', { status: { ...DRAINED, usage: { pods: 3 } } }],
] as const)('a token is none once the %s of the worker is another', async ([, changed]) => {
  const { cluster, ask } = world();
  const { confirm_token } = await ask('destroy_worker', DESTROY);
  cluster.put('workers', readyWorker('burst-1', changed));

  expect(await ask('destroy_worker', { ...DESTROY, confirm_token })).toMatchObject({
    code: 'confirmation_required',
    next_step: expect.stringContaining('something it rests on has changed') as string,
  });
  expect(cluster.writes).toEqual([]);
});

test('a token is none for another worker of that name', async () => {
  const { cluster, ask } = world();
  const { confirm_token } = await ask('destroy_worker', DESTROY);
  cluster.remove('workers', 'burst-1');
  cluster.put('workers', readyWorker('burst-1', { status: DRAINED }));

  expect(await ask('destroy_worker', { ...DESTROY, confirm_token })).toMatchObject({ code: 'confirmation_required' });
});

test('a token is honoured until its end, and not a moment longer', async () => {
  const { ask, now } = world();
  const { confirm_token, expires_at } = await ask('destroy_worker', DESTROY);

  now.at = new Date(String(expires_at));
  expect(await ask('destroy_worker', { ...DESTROY, confirm_token })).toMatchObject({ code: 'confirmation_required' });
  now.at = new Date(Date.parse(String(expires_at)) - 1);
  expect(await ask('destroy_worker', { ...DESTROY, confirm_token })).toMatchObject({ status: 'destroyed' });
});

test('refusals come before any question', async () => {
  const { cluster, ask } = world();
  cluster.put('workers', readyWorker('burst-2'));

  expect(await ask('destroy_worker', { worker_id: 'nobody' })).toMatchObject({ code: 'not_found' });
  expect(await ask('destroy_worker', { worker_id: 'burst-2' })).toMatchObject({ code: 'invalid' });
});

test('a worker that is already going is waited for without a question', async () => {
  const { cluster, ask } = world();
  cluster.put(
    'workers',
    readyWorker('burst-1', { status: DRAINED, metadata: { deletionTimestamp: '2026-01-01T11:00:00Z' } }),
  );

  expect(await ask('destroy_worker', DESTROY)).toMatchObject({ status: 'destroyed' });
});

test('a drain is confirmed where pods would move, and its repetition is not asked about', async () => {
  const { cluster, ask } = world();
  cluster.put('workers', readyWorker('empty', { status: { usage: { pods: 0 } } }));
  cluster.put('workers', readyWorker('unknown', { status: { usage: {} } }));
  cluster.onCreate = (kind, made) => {
    if (kind === 'drains')
      cluster.put('drains', {
        ...made,
        status: { phase: 'Draining', conditions: [condition('Cordoned', 'True', 'Draining')] },
      });
  };

  expect(await ask('drain_worker', { worker_id: 'empty' })).toMatchObject({ status: 'draining' });
  const first = await ask('drain_worker', DESTROY);
  expect(first).toMatchObject({ code: 'confirmation_required', plan: { pods: 2, claimed_by: null } });
  expect(await ask('drain_worker', { worker_id: 'unknown' })).toMatchObject({
    code: 'confirmation_required',
    plan: { pods: null },
  });
  const { confirm_token } = first;
  expect(await ask('drain_worker', { ...DESTROY, confirm_token })).toMatchObject({ status: 'draining' });
  expect(await ask('drain_worker', DESTROY)).toMatchObject({ status: 'draining' });
});

test('a stop by force is confirmed, and named for whom it is; a plain stop is not', async () => {
  const { cluster, ask } = world();
  const because = [{ kind: 'Allocation', name: 'alloc-1', wants: 2 }];
  cluster.put('servers', server('github', { phase: 'Running', desired: 2, effective: { replicas: 2, because } }));
  cluster.onCreate = (kind, made) => {
    if (kind === 'wishes') cluster.put('wishes', { ...made, status: { phase: 'Superseded' } });
  };

  expect(await ask('stop_mcp', { name: 'github' })).toMatchObject({ isError: false });
  expect(await ask('stop_mcp', { name: 'github', force: true })).toMatchObject({
    code: 'confirmation_required',
    plan: { replicas: 2, because, effect: expect.stringContaining('although Allocation alloc-1 needs it') as string },
  });
});

const by = (principal: string) => ({ annotations: { 'cortex.automation/requested-by': principal } });

test('the release of somebody else’s Allocation is confirmed, one’s own is not', async () => {
  const { cluster, ask } = world();
  cluster.put('allocations', allocation('mine', { metadata: by('tester') }));
  cluster.put('allocations', allocation('theirs', { metadata: by('bob') }));
  cluster.put('allocations', allocation('applied'));

  expect(await ask('release_resources', { allocation_id: 'mine' })).toMatchObject({ status: 'released' });
  expect(await ask('release_resources', { allocation_id: 'theirs' })).toMatchObject({ plan: { requested_by: 'bob' } });
  expect(await ask('release_resources', { allocation_id: 'applied' })).toMatchObject({
    plan: { requested_by: 'somebody outside of this facade' },
  });
  expect(cluster.writes).toEqual(['delete allocations default/mine']);
});

test('where confirmation is switched off, nothing is asked', async () => {
  const { cluster, ask } = asking({ confirmation: false });
  cluster.put('workers', readyWorker('burst-1', { status: DRAINED }));

  expect(await ask('destroy_worker', DESTROY)).toMatchObject({ status: 'destroyed' });
});
