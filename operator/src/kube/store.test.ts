import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Thing, thing } from '../testing/objects.ts';
import { isNewer } from './resource-version.ts';
import { Store } from './store.ts';

const mapOf = (...things: Thing[]): Map<string, Thing> =>
  new Map(things.map((one) => [`default/${one.metadata.name}`, one]));

test('resourceVersions are compared as the integers they are', () => {
  expect(isNewer('10', '9')).toBe(true);
  expect(isNewer('9', '10')).toBe(false);
  expect(isNewer('7', '7')).toBe(false);
  expect(isNewer('9007199254740993', '9007199254740992')).toBe(true);
});

test('an older version never replaces a newer one', () => {
  const store = new Store<Thing>();
  store.learn(thing('a', 10, { size: 'ours' }));

  expect(store.learn(thing('a', 9, { size: 'late frame' }))).toBe(false);
  expect(store.get('default/a')?.spec?.size).toBe('ours');
});

test('what was seen deleted does not come back by a late answer', () => {
  const store = new Store<Thing>();
  store.learn(thing('a', 5));
  store.forget(thing('a', 8));

  expect(store.learn(thing('a', 7))).toBe(false);
  expect(store.size).toBe(0);
  expect(store.learn(thing('a', 9, { uid: 'another' }))).toBe(true);
});

test('a deletion that is seen late does not take a successor of the same name', () => {
  const store = new Store<Thing>();
  store.learn(thing('a', 9, { uid: 'another' }));
  store.forget(thing('a', 8));

  expect(store.get('default/a')?.metadata.uid).toBe('another');
});

test('our own deletion is learned by UID', () => {
  const store = new Store<Thing>();
  store.learn(thing('a', 5));

  store.learnDeleted('default/a', 'another');
  expect(store.size).toBe(1);
  store.learnDeleted('default/a', 'uid-of-a');
  expect(store.size).toBe(0);
  expect(store.learn(thing('a', 5))).toBe(false);
});

test('a list takes away what it lacks, but not what was learned after it', () => {
  const store = new Store<Thing>();
  store.learn(thing('old', 5));
  store.learn(thing('kept', 6));
  store.learn(thing('ours', 12));
  store.replace(mapOf(thing('kept', 6), thing('new', 9)), '10');

  expect(store.list().map((one) => one.metadata.name)).toEqual(['kept', 'ours', 'new']);
  expect(store.synced).toBe(true);
});

test('after the server was set back, a list with lower versions wins', () => {
  const store = new Store<Thing>();
  store.learn(thing('a', 100, { size: 'lost' }));
  store.learn(thing('b', 101));
  store.forget(thing('c', 102));
  store.replace(mapOf(thing('a', 40, { size: 'restored' }), thing('c', 41)), '50', true);

  expect(store.get('default/a')?.spec?.size).toBe('restored');
  expect(store.get('default/b')).toBeUndefined();
  expect(store.get('default/c')).toBeDefined();
});

test('objects are found by index, also after they changed', () => {
  const store = new Store<Thing>({ indexes: { size: (one) => (one.spec?.size ? [one.spec.size] : []) } });
  store.learn(thing('a', 1, { size: 'small' }));
  store.learn(thing('b', 2, { size: 'small' }));
  store.learn(thing('a', 3, { size: 'large' }));

  const names = (size: string): string[] => store.byIndex('size', size).map((one) => one.metadata.name);
  expect([names('small'), names('large'), names('none')]).toEqual([['b'], ['a'], []]);
  expect([store.countBy('size', 'small'), store.countBy('size', 'none')]).toEqual([1, 0]);
  store.forget(thing('b', 4));
  expect(names('small')).toEqual([]);
  expect(() => store.byIndex('colour', 'red')).toThrow('no index "colour": there are size');
});

test('listeners hear what is, and what was before; silence when nothing is new', () => {
  const store = new Store<Thing>();
  const heard = vi.fn<(key: string, now: Thing | undefined, before: Thing | undefined) => void>();
  const end = store.onChange(heard);
  const [first, second] = [thing('a', 1), thing('a', 2)];
  store.learn(first);
  store.learn(first);
  store.learn(second);
  store.forget(thing('a', 3));
  end();
  store.learn(thing('b', 4));

  expect(heard.mock.calls).toEqual([
    ['default/a', first, undefined],
    ['default/a', second, first],
    ['default/a', undefined, second],
  ]);
});

test('objects are trimmed however they come, and managedFields are not kept', () => {
  const store = new Store<Thing>({ transform: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }) });
  const big = thing('a', 1, { size: 'big' });
  store.learn({ ...big, metadata: Object.assign(big.metadata, { managedFields: [{}] }) });

  expect(store.get('default/a')).toEqual(thing('a', 1));
});

test('in whatever order the watch and our answers arrive, the copy ends equal to the server', () => {
  const step = record({ name: constantFrom('a', 'b'), op: constantFrom('write', 'delete') });
  assert(
    property(array(step, { maxLength: 12 }), array(integer({ min: 0, max: 11 })), (steps, echoes) => {
      const { history, truth } = play(steps);
      const store = new Store<Thing>();
      for (const [at, event] of history.entries()) {
        tell(store, event);
        for (const echo of echoes)
          if (echo <= at && history[echo]?.type === 'MODIFIED') store.learn(history[echo].object);
      }
      expect(new Map(store.list().map((one) => [one.metadata.name, one.metadata.resourceVersion]))).toEqual(truth);
    }),
  );
});

interface Event {
  type: 'MODIFIED' | 'DELETED';
  object: Thing;
}

function play(steps: { name: string; op: string }[]): { history: Event[]; truth: Map<string, string> } {
  const truth = new Map<string, string>();
  const history = steps.map(({ name, op }, at): Event => {
    if (op === 'write') truth.set(name, String(at + 1));
    else truth.delete(name);
    return { type: op === 'write' ? 'MODIFIED' : 'DELETED', object: thing(name, at + 1) };
  });
  return { history, truth };
}

function tell(store: Store<Thing>, { type, object }: Event): void {
  if (type === 'DELETED') store.forget(object);
  else store.learn(object);
}

test('D5: a store knows how far the watch has come, by lists, frames and bookmarks', () => {
  const store = new Store<Thing>();
  expect(store.hasPassed('1')).toBe(false);
  store.replace(new Map(), '5');
  store.advance('7');
  store.advance('6');

  expect([store.hasPassed('7'), store.hasPassed('8'), store.hasPassed('10')]).toEqual([true, false, false]);
  store.replace(new Map(), '3', true);
  expect(store.hasPassed('7')).toBe(false);
});
