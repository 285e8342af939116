import { expect, test } from 'vitest';
import { Stalled, Waiting, wakeUp } from './outcome.ts';

const failure = new Error('reset');

test.for([
  ['nothing failed, nothing is known to come', undefined, undefined, { kind: 'rest' }],
  ['nothing failed, a moment is known', undefined, 5_000, { kind: 'after', ms: 5_000 }],
  ['it waits', new Waiting(2_000, 'Joining', ''), 60_000, { kind: 'after', ms: 2_000 }],
  ['it waits, but a moment comes sooner', new Waiting(2_000, 'Joining', ''), 500, { kind: 'after', ms: 500 }],
  ['it is stalled', new Stalled('PoolNotFound', ''), undefined, { kind: 'rest' }],
  ['it is stalled until a known moment', new Stalled('PoolNotFound', ''), 60_000, { kind: 'after', ms: 60_000 }],
  ['anything else failed', failure, 60_000, { kind: 'backoff', failure }],
  ['the moment is far', undefined, 86_400_000, { kind: 'after', ms: 600_000 }],
  ['the moment has passed', undefined, -5, { kind: 'after', ms: 0 }],
] as const)('%s', ([, failed, requeueAfterMs, expected]) => {
  expect(wakeUp(failed, requeueAfterMs)).toEqual(expected);
});

test('a failure keeps its reason, its words and its cause', () => {
  expect(new Stalled('InvalidSize', 'no size "huge"', failure)).toMatchObject({
    reason: 'InvalidSize',
    message: 'no size "huge"',
    cause: failure,
  });
});
