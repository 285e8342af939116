import { join } from 'node:path';
import { CONDITION_TYPES, type ConditionType, KINDS, REASONS } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { codeOf, sourcesIn } from '../testing/imports.ts';

const HERE = join(import.meta.dirname, '..');

/** Everything that speaks; advice speaks of every reason. */
const speaking = sourcesIn(HERE).filter((file) => file !== 'explain/advice.ts');

test('A2: every reason of the closed table is said somewhere', () => {
  const code = speaking.map((file) => codeOf(HERE, file)).join('\n');

  expect(Object.keys(REASONS).filter((reason) => !code.includes(`'${reason}'`))).toEqual([]);
});

/** Where the conditions of a kind are claimed. Admission speaks of two kinds, the drain of whatever is drained. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  Allocation: ['allocation', 'admission'],
  BurstWorker: ['burst-worker', 'admission', 'drain'],
  McpServer: ['mcp-server'],
  McpServerScale: ['mcp-server-scale'],
  NodeDrain: ['node-drain', 'drain'],
  WorkerPool: ['worker-pool'],
};

/** As a claim is written: a type of its own, or one of several that are claimed alike. */
const CLAIMED =
  /(?:\btype(?:: | = )|\bclaim\(\s*)'(?<one>[A-Z][A-Za-z]+)'|\(\[(?<alike>[^\]]*)\] as const\)\.map\(\(type\)/g;

function claimedIn(rooms: readonly string[]): Set<string> {
  const files = sourcesIn(HERE).filter((file) => rooms.includes(file.split('/')[0] ?? ''));
  const groups = files.flatMap((file) => [...codeOf(HERE, file).matchAll(CLAIMED)].map((found) => found.groups));
  const words = groups.flatMap(
    (found) => `${found?.['one'] ?? ''} ${found?.['alike'] ?? ''}`.match(/[A-Za-z]+/g) ?? [],
  );
  return new Set(words.filter((word) => word in CONDITION_TYPES));
}

const declared = (rooms: readonly string[]): Set<string> =>
  new Set(
    KINDS.filter(({ kind }) => ROOMS[kind]?.some((room) => rooms.includes(room))).flatMap(
      ({ conditions }) => conditions,
    ),
  );

describe.for(KINDS.map(({ kind, conditions }) => ({ kind, conditions })))('A2: $kind', ({ kind, conditions }) => {
  test('claims every condition that its page lists', () => {
    const claimed = claimedIn(ROOMS[kind] ?? []);

    expect(conditions.filter((type) => !claimed.has(type))).toEqual([]);
  });
});

test.for([...new Set(Object.values(ROOMS).flat())])('A2: room %s claims only conditions that a page lists', (room) => {
  const known = declared([room]);

  expect([...claimedIn([room])].filter((type) => !known.has(type))).toEqual([]);
});

test('A2: every condition of the closed table is one of a kind', () => {
  const ofKinds = new Set<ConditionType>(KINDS.flatMap(({ conditions }) => conditions));

  expect(new Set(Object.keys(CONDITION_TYPES))).toEqual(ofKinds);
});
