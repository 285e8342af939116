import { describe, expect, test } from 'vitest';
import type { ErrorClass } from '../providers/errors.ts';
import { at } from '../testing/world.ts';
import { afterLook, type Look, nextLookMs, type Reachability, silenceOf } from './reachability.ts';

const refused = (of: ErrorClass, code: string, message = 'said'): Look => ({ refusal: { class: of, code, message } });
const silent = refused('Transient', 'Unreachable', 'connect ECONNREFUSED');
const answered: Look = { findings: [] };
const burst = { metadata: { name: 'burst' } } as Parameters<typeof silenceOf>[0];

const after = (looks: readonly (readonly [string, Look])[]): Reachability | undefined =>
  looks.reduce<Reachability | undefined>((known, [time, look]) => afterLook(known, look, at(time)), undefined);

describe('ProviderReachable', () => {
  test('holds while the provider answers and lacks nothing', () => {
    expect(after([['10:00:00', answered]])).toMatchObject({ status: true, reason: 'Reachable' });
  });

  test('names what is missing and what to do, the first by its code', () => {
    const findings = [
      { code: 'PrivilegeMissing', what: 'The token lacks VM.Clone on /vms/9001', fix: 'grant it' },
      { what: 'Host pve2 is offline', fix: 'bring it online' },
    ];

    expect(after([['10:00:00', { findings }]])).toEqual({
      status: false,
      reason: 'PrivilegeMissing',
      message: 'The token lacks VM.Clone on /vms/9001: grant it; Host pve2 is offline: bring it online',
    });
    expect(after([['10:00:00', { findings: findings.slice(1) }]])?.reason).toBe('PreflightFailed');
  });

  test('names ten of many, and how many more there are', () => {
    const findings = Array.from({ length: 12 }, (_, i) => ({ what: `host ${i}`, fix: 'fix' }));

    expect(after([['10:00:00', { findings }]])?.message).toMatch(/host 9: fix; and 2 more$/);
  });

  test.for<[ErrorClass, string, string]>([
    ['Unauthorized', 'TokenRefused', 'TokenRefused'],
    ['Unauthorized', 'SecretMissing', 'SecretMissing'],
    ['Unauthorized', 'Untrusted', 'Untrusted'],
    ['Invalid', 'NoSettings', 'ProviderError'],
    ['Internal', 'Unexpected', 'ProviderError'],
    ['Transient', 'Http503', 'Unreachable'],
  ])('is False for %s %s, by the reason %s', ([of, code, reason]) => {
    expect(after([['10:00:00', refused(of, code)]])).toMatchObject({ status: false, reason, message: 'said' });
  });

  test('keeps the first words of a silence, so that each silence is told once', () => {
    const other = refused('Transient', 'LeftAlone', 'pve does not answer; it is left alone for a while');

    expect(
      after([
        ['10:00:00', silent],
        ['10:00:05', other],
      ]),
    ).toEqual(after([['10:00:00', silent]]));
  });

  test('is not changed by a provider that is merely busy', () => {
    expect(
      after([
        ['10:00:00', answered],
        ['10:00:05', refused('Throttled', 'TooManyRequests')],
      ])?.status,
    ).toBe(true);
    expect(after([['10:00:00', refused('Throttled', 'TooManyRequests')]])).toBeUndefined();
  });
});

const at30 = (looks: readonly (readonly [string, Look])[], time: string) => silenceOf(burst, after(looks), at(time));

describe('S8: a silence of more than 30 s freezes', () => {
  test('and not a shorter one', () => {
    expect(at30([['10:00:00', silent]], '10:00:30')).toBeUndefined();
    expect(
      at30(
        [
          ['10:00:00', silent],
          ['10:00:29', silent],
        ],
        '10:00:31',
      ),
    ).toBe('The provider of WorkerPool burst has not answered since 2030-01-01T10:00:00Z: connect ECONNREFUSED');
  });

  test('until a look is answered as a whole', () => {
    expect(
      at30(
        [
          ['10:00:00', silent],
          ['10:00:40', refused('Throttled', 'Busy')],
        ],
        '10:00:41',
      ),
    ).toBeDefined();
    expect(
      at30(
        [
          ['10:00:00', silent],
          ['10:00:40', answered],
        ],
        '10:00:41',
      ),
    ).toBeUndefined();
  });

  test('a refusal is an answer, and freezes nothing', () => {
    expect(at30([['10:00:00', refused('Unauthorized', 'TokenRefused')]], '11:00:00')).toBeUndefined();
    expect(
      at30(
        [
          ['10:00:00', silent],
          ['10:00:31', refused('Unauthorized', 'TokenRefused')],
        ],
        '11:00:00',
      ),
    ).toBeUndefined();
  });
});

test('it is looked at again soon while it is silent, and when the breaker says so', () => {
  expect(nextLookMs(after([['10:00:00', answered]]), undefined)).toBe(30_000);
  expect(nextLookMs(after([['10:00:00', silent]]), undefined)).toBe(5_000);
  expect(nextLookMs(after([['10:00:00', silent]]), 60_000)).toBe(60_000);
});
