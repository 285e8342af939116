import { expect, test } from 'vitest';
import { Breaker } from './breaker.ts';
import { ProviderError } from './errors.ts';

const silence = new ProviderError('Transient', 'Unreachable', 'no answer');
const refusal = new ProviderError('Invalid', 'BadParameter', 'no');

function breaker() {
  let now = 0;
  const at = new Breaker('pve', () => now);
  const fail = async (error: Error, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await expect(at.around(() => Promise.reject(error))).rejects.toBe(error);
  };
  return { at, fail, pass: (ms: number) => void (now += ms) };
}

test('an endpoint that is silent five times is left alone, in the same words each time', async () => {
  const { at, fail } = breaker();
  await fail(silence, 5);

  await expect(at.around(async () => 1)).rejects.toMatchObject({
    class: 'Transient',
    code: 'LeftAlone',
    retryAfterMs: 5_000,
    message: 'pve does not answer; it is left alone for a while',
  });
});

test('one answer in between, even a refusal, counts from the start', async () => {
  const { at, fail } = breaker();
  await fail(silence, 4);
  await fail(refusal);
  await fail(silence, 4);

  await expect(at.around(async () => 1)).resolves.toBe(1);
});

test('then one call at a time is let through, and a failed one doubles the pause', async () => {
  const { at, fail, pass } = breaker();
  await fail(silence, 5);
  pass(5_000);
  const probe = at.around(() => Promise.reject(silence));
  await expect(at.around(async () => 1)).rejects.toMatchObject({ code: 'LeftAlone' });
  await expect(probe).rejects.toBe(silence);

  pass(9_999);
  expect(at.open).toBe(true);
  pass(1);
  await expect(at.around(async () => 1)).resolves.toBe(1);
  await fail(silence, 4);
  expect(at.open).toBe(false);
});

test('a caller that gave up says nothing of the endpoint', async () => {
  const { at, fail } = breaker();
  await fail(new ProviderError('Transient', 'CutOff', 'too late'), 20);

  expect(at.open).toBe(false);
});
