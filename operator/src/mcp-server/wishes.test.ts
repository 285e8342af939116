import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { accepted, wish } from '../testing/servers.ts';
import { at, deleting, namesOf } from '../testing/world.ts';
import { isLapsed, isLater, standing } from './wishes.ts';

const NOW = at('10:00:00').getTime();
const heard = (wishes: Parameters<typeof standing>[0]) => {
  const { newest, floors } = standing(wishes, NOW);
  return [newest?.metadata.name, namesOf(floors)];
};

test('of several Sets the newest counts, and floors count beside it', () => {
  const [old, late] = [wish('old', 3, { version: 1 }), wish('late', 1, { version: 2 })];
  const floor = wish('floor', 2, { version: 3, policy: 'AtLeast' });

  expect(heard([late, floor, old])).toEqual(['late', ['floor']]);
});

test('two wishes of one second are told apart by their versions, however long these are', () => {
  const [one, other] = [wish('one', 1, { version: 999 }), wish('other', 2, { version: 1000 })];

  expect(isLater(other, one)).toBe(true);
  expect(isLater(one, other)).toBe(false);
});

test('a place is kept: writing to an accepted wish does not make it newer', () => {
  const old = accepted(wish('old', 3, { version: 1 }));
  const late = wish('late', 1, { version: 2 });

  expect(heard([old, late])).toEqual(['late', []]);
  expect(heard([old, accepted(late)])).toEqual(['late', []]);
});

test('a wish that is edited is accepted anew, as the newest', () => {
  const first = accepted(wish('first', 3, { version: 1 }));
  const second = accepted(wish('second', 1, { version: 2 }));
  const edited = { ...first, metadata: { ...first.metadata, generation: 2, resourceVersion: '20000' } };

  expect(heard([first, second])).toEqual(['second', []]);
  expect(heard([edited, second])).toEqual(['first', []]);
});

test('after an Override only floors that came later count', () => {
  const before = wish('before', 2, { version: 1, policy: 'AtLeast' });
  const override = wish('stop', 0, { version: 2, policy: 'Override' });
  const after = wish('after', 1, { version: 3, policy: 'AtLeast' });

  expect(heard([before, override, after])).toEqual(['stop', ['after']]);
  expect(heard([accepted(before), accepted(override), accepted(after)])).toEqual(['stop', ['after']]);
});

test('an Override that a later Set replaced silences nobody any more', () => {
  const floor = wish('floor', 1, { version: 1, policy: 'AtLeast' });
  const override = wish('stop', 0, { version: 2, policy: 'Override' });
  const start = wish('start', 1, { version: 3 });

  expect(heard([floor, override, start])).toEqual(['start', ['floor']]);
});

test('a wish lapses when its ttl is over, counted from when it was accepted', () => {
  const made = accepted(wish('short', 3, { ttl: '90s' }), at('10:00:00'));

  expect(isLapsed(made, at('10:01:29').getTime())).toBe(false);
  expect(isLapsed(made, at('10:01:30').getTime())).toBe(true);
  expect(isLapsed(wish('unseen', 3, { ttl: '90s' }), at('23:00:00').getTime())).toBe(false);
  expect(isLapsed(accepted(wish('for ever', 3)), at('23:00:00').getTime())).toBe(false);
});

test('neither lapsed wishes nor those being deleted are heard', () => {
  const lapsed = accepted(wish('lapsed', 9, { version: 9, ttl: '1s' }), at('09:00:00'));
  const going = deleting(wish('going', 8, { version: 8 }));

  expect(heard([lapsed, going, wish('left', 1, { version: 1 })])).toEqual(['left', []]);
});

test('who is heard does not depend on the order in which wishes are looked at, nor on who was accepted already', () => {
  const some = fc.uniqueArray(
    fc.record({
      version: fc.integer({ min: 1, max: 60 }),
      replicas: fc.integer({ min: 0, max: 10 }),
      policy: fc.constantFrom('Set', 'AtLeast', 'Override'),
      taken: fc.boolean(),
    }),
    { selector: ({ version }) => version, maxLength: 8 },
  );
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.nat()), (plans, dice) => {
      const made = plans.map(({ version, replicas, policy }) =>
        wish(`w${version}`, replicas, { version, policy: policy as 'Set' }),
      );
      // Wishes are taken in from the oldest on.
      const oldest = made.toSorted((a, b) => (isLater(a, b) ? 1 : -1));
      const taken = new Set(oldest.slice(0, plans.filter(({ taken: is }) => is).length));
      const shuffled = made
        .map((each) => ({ each: taken.has(each) ? accepted(each) : each, by: dice.next().value ?? 0 }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ each }) => each);
      const [newest, floors] = heard(shuffled);
      const [expected, expectedFloors] = heard(made);
      expect(newest).toBe(expected);
      expect((floors as string[]).toSorted()).toEqual((expectedFloors as string[]).toSorted());
    }),
  );
});
