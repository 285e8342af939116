import * as fc from 'fast-check';

type Branch = Record<string, unknown> | unknown[];

const TEXTS = [
  '',
  ' ',
  '-',
  'Big',
  'a_b',
  'x.y',
  '-a',
  'é',
  '59s',
  '1d',
  '5',
  '8761h',
  '99999h',
  '1Gb',
  '4Gi',
  'medium',
];
const LONG_TEXTS = [40, 41, 63, 64, 254, 1025].map((length) => 'a'.repeat(length));
const NUMBERS = [-1, 0, 1, 10, 11, 100, 101, 1.5, 2 ** 40];
const OTHERS = [true, false, [], {}, ['a', 'a'], { name: 'a' }, { a: 'b' }];

/** One thing in an object replaced, left out, added or doubled. */
export const mutated = (objects: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      objects,
      fc.nat(),
      fc.constantFrom('replace', 'replace', 'remove', 'add', 'double'),
      fc.constantFrom<unknown>(...TEXTS, ...LONG_TEXTS, ...NUMBERS, ...OTHERS),
    )
    .map(([object, where, how, junk]) => {
      const copy = structuredClone(object) as Branch;
      const places = placesIn(copy);
      const place = places[where % Math.max(places.length, 1)];
      if (place !== undefined) change(place.branch, place.key, how, structuredClone(junk));
      return copy;
    });

interface Place {
  readonly branch: Branch;
  readonly key: string;
}

const placesIn = (branch: Branch): Place[] =>
  Object.entries(branch).flatMap(([key, value]) => [
    { branch, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value as Branch) : []),
  ]);

function change(branch: Branch, key: string, how: string, junk: unknown): void {
  const fields = branch as Record<string, unknown>;
  if (Array.isArray(branch) && how === 'double') branch.push(structuredClone(branch[Number(key)]));
  else if (Array.isArray(branch) && how === 'remove') branch.splice(Number(key), 1);
  else if (how === 'remove') delete fields[key];
  else if (how === 'add' && !Array.isArray(branch)) fields['unheardOf'] = junk;
  else fields[key] = junk;
}
