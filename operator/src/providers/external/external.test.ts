import { describe, expect, test } from 'vitest';
import { externalHarness } from '../../testing/external/harness.ts';
import { all, patient, planned, raise, running } from '../contract/drive.ts';
import { contract } from '../contract.ts';

/** Fifty machines over TLS take their time where others work too. */
const PATIENT = { timeout: 60_000 };

describe('what every provider promises', () => {
  test.for(contract)('$title', PATIENT, async (promise) => {
    await expect(promise.run(await externalHarness())).resolves.toBeUndefined();
  });
});

test('a request is sent again under the same key, which is that of the worker and its attempt', async () => {
  const harness = await externalHarness();
  const { request, checkpoint } = await planned(harness);
  harness.faults.plan('change', 'after', harness.lost);
  await raise(harness, request, checkpoint, () => harness.restarted());
  const { request: again, checkpoint: second } = await planned(harness);
  await raise(harness, again, { ...second, attempt: 2 });

  expect(harness.service.idempotencyKeys).toEqual([`${request.workerUid}/1`, `${again.workerUid}/2`]);
});

test('28: the seed goes with the request that makes the machine, and is taken away once its Node has joined', async () => {
  const harness = await externalHarness();
  const { request, checkpoint } = await running(harness);
  const kept = harness.service.machines.get(request.workerUid);
  expect(kept?.seed).toEqual({ 'user-data': '#cloud-config\n', 'meta-data': 'instance-id: a\n' });

  const step = await harness.provider.settle?.(request, checkpoint, patient());
  expect([step?.done, step?.checkpoint.seed, kept?.seed]).toEqual([true, undefined, undefined]);
  await expect(harness.provider.settle?.(request, checkpoint, patient())).resolves.toMatchObject({ done: true });
});

test('30: a request that somebody else signed, or the same one much later, is refused', async () => {
  const harness = await externalHarness();
  harness.service.key = 'another-key';

  await expect(all(harness.provider.list(harness.clusterId, patient()))).rejects.toMatchObject({
    class: 'Unauthorized',
    code: 'BadSignature',
    retryAfterMs: 60_000,
    message: expect.not.stringContaining('canary'),
  });
});

test('25: a service that answers with a machine of another is not believed', async () => {
  const harness = await externalHarness();
  const { request, checkpoint } = await planned(harness);
  await harness.world.plant({ ...request, workerUid: 'another' }, request.workerUid);

  await expect(harness.provider.remove(request, checkpoint, patient())).rejects.toMatchObject({ class: 'Foreign' });
  expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('unknown');
});
