import { expect, test } from 'vitest';
import { Limits } from './limits.ts';
import type { Access } from './tool.ts';

function limits() {
  const clock = { ms: 0 };
  const made = new Limits({ perPrincipal: true, now: () => clock.ms });
  const call = async (access: Access, principal = 'alice') =>
    await made.within(principal, access, () => Promise.resolve('done'));
  /** How many calls go through at this moment. */
  const through = async (access: Access, principal?: string): Promise<number> => {
    for (let count = 0; ; count++)
      if ((await call(access, principal).catch(() => 'refused')) === 'refused') return count;
  };
  return { clock, call, through };
}

test.for([
  ['read', 100, 20],
  ['write', 50, 10],
] as const)('%s calls: %i at once, then %i a second', async ([access, burst, perSecond]) => {
  const { clock, through } = limits();

  expect(await through(access)).toBe(burst);
  clock.ms += 1000;
  expect(await through(access)).toBe(perSecond);
  clock.ms += 3_600_000;
  expect(await through(access)).toBe(burst);
});

test('what destroys: 20 at once, then 30 a minute', async () => {
  const { clock, through } = limits();

  expect(await through('destroy')).toBe(20);
  clock.ms += 60_000;
  expect(await through('destroy')).toBe(20);
  clock.ms += 2_000;
  expect(await through('destroy')).toBe(1);
});

test('principals and kinds of calls do not take from each other', async () => {
  const { through } = limits();

  await through('write', 'alice');
  expect(await through('write', 'bob')).toBe(50);
  expect(await through('read', 'alice')).toBe(100);
});

test('a refusal says how long to wait, and waiting so long is enough', async () => {
  const { clock, call, through } = limits();
  await through('destroy');

  await expect(call('destroy')).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'Too many calls: destroy calls are limited to 30 a minute, 20 at once',
    details: { retryAfterSeconds: 2 },
  });
  clock.ms += 2_000;
  expect(await call('destroy')).toBe('done');
});

test('64 calls run at a time, whoever makes them; a call that ends makes room', async () => {
  const made = new Limits({ perPrincipal: false });
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = Array.from({ length: 64 }, () => made.within('local', 'read', () => promise));

  await expect(made.within('local', 'read', () => promise)).rejects.toMatchObject({ code: 'rate_limited' });
  expect(made.inFlight).toBe(64);
  resolve();
  await Promise.all(running);
  await expect(made.within('local', 'read', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(made.inFlight).toBe(0);
});
