import { describe, expect, test } from 'vitest';
import { look } from '../testing/looks.ts';
import { allocation, deleting, reserving, running, warm, worker } from '../testing/world.ts';
import { workerName } from './names.ts';
import { rosterOf } from './roster.ts';
import type { Seen } from './seen.ts';

const job = allocation('job', { count: 2 });
const name = (ordinal: number): string => workerName('burst', job.metadata.uid, ordinal);
const holding = reserving(job, [name(0), name(1)], { nextOrdinal: 2 });
const standing = (ordinal: number) => running(worker(name(ordinal), { claimedBy: job }));
const places = (seen: Seen): string[] => rosterOf(seen).places.map((place) => place.name);

/** The reservation after its workers were seen alive. */
const known = reserving(job, [], {
  nextOrdinal: 2,
  workers: [name(0), name(1)].map((one) => ({ name: one, phase: 'Ready', cpu: '2', memory: '4Gi' })),
});

test('C1: the places of a reservation are the workers it names, there or not', () => {
  const roster = rosterOf(look(holding, { claimed: [standing(0)] }));

  expect(roster.places.map(({ name: of, worker: there }) => [of, there !== undefined])).toEqual([
    [name(0), true],
    [name(1), false],
  ]);
  expect(roster.lost).toEqual([]);
});

test('C1: where claims are the reservation, the claimed workers are the places', () => {
  const claimed = [warm('w-2', { claimedBy: job }), warm('w-1', { claimedBy: job })];

  expect(places(look(job, { claimed }))).toEqual(['w-1', 'w-2']);
});

describe('C1: a lost worker', () => {
  test('is one that was seen alive and is gone; its place goes to the lowest ordinal never used', () => {
    const roster = rosterOf(look(known, { claimed: [standing(1)] }));

    expect(roster).toMatchObject({ lost: [name(0)], nextOrdinal: 3 });
    expect(roster.places.map((place) => place.name)).toEqual([name(2), name(1)]);
  });

  test('A4: keeps its place for as long as it is there, for its machine may be too', () => {
    expect(rosterOf(look(known, { claimed: [deleting(standing(0)), standing(1)] })).lost).toEqual([]);
  });

  test('is also a free worker that was chosen and went before it was claimed: nobody else is made under its name', () => {
    const chose = reserving(job, ['burst-warm', name(0)], { nextOrdinal: 1 });
    const roster = rosterOf(look(chose, { claimed: [standing(0)] }));

    expect(roster.lost).toEqual(['burst-warm']);
    expect(roster.places.map((place) => place.name)).toEqual([name(1), name(0)]);
  });

  test('is not one that was never made yet', () => {
    expect(rosterOf(look(holding)).lost).toEqual([]);
  });
});

test('two lost workers get two ordinals', () => {
  expect(places(look(known))).toEqual([name(2), name(3)]);
  expect(rosterOf(look(known)).nextOrdinal).toBe(4);
});
