import { Chance } from '../random.ts';
import { DEEDS, type Deed } from './chaos.ts';
import { goOn } from './surroundings.ts';
import { type Mutation, World } from './world.ts';

const STEPS = 200;

/** What one history came to. */
export interface Outcome {
  readonly seed: number;
  readonly wrongs: readonly string[];
  /** What was done, up to the first wrong: to be read by people. */
  readonly told: readonly string[];
  readonly destroyed: World['destroyed'];
}

const TICKETS = DEEDS.flatMap((deed) => Array.from({ length: deed.weight }, () => deed));

/** One random history: deeds, passes and changes seen late, in any order. The same seed is the same history. */
export async function history(
  seed: number,
  mutation: Mutation = {},
  onStep: (world: World, step: string) => void = () => undefined,
): Promise<Outcome> {
  const chance = new Chance(seed);
  const world = new World(mutation);
  const told: string[] = [];
  for (let step = 0; step < STEPS && world.wrongs.length === 0; step++) {
    told.push(await take(world, chance));
    goOn(world);
    onStep(world, told.at(-1) ?? '');
  }
  world.copies.end();
  return { seed, wrongs: world.wrongs, told, destroyed: world.destroyed };
}

async function take(world: World, chance: Chance): Promise<string> {
  const keys = keysOf(world);
  if (keys.length === 0 || chance.isLucky(0.3)) return commit(world, chance);
  return world.copies.behind.length > 0 && chance.isLucky(0.4) ? see(world, chance) : await work(world, keys, chance);
}

function commit(world: World, chance: Chance): string {
  const deed: Deed = chance.of(TICKETS);
  deed.do(world, chance);
  return deed.name;
}

function see(world: World, chance: Chance): string {
  if (chance.isLucky(0.3)) {
    world.copies.catchUpAll();
    return 'everything is seen';
  }
  const plural = chance.of(world.copies.behind);
  world.copies.catchUp(plural, 1 + chance.below(3));
  return `${plural} are seen`;
}

interface Key {
  readonly kind: 'worker' | 'drain';
  readonly key: string;
}

const keysOf = (world: World): Key[] => [
  ...world.workers.map(({ metadata }): Key => ({ kind: 'worker', key: metadata.name })),
  ...world.drains.map(({ metadata }): Key => ({ kind: 'drain', key: metadata.name })),
];

async function work(world: World, keys: readonly Key[], chance: Chance): Promise<string> {
  const { kind, key } = chance.of(keys);
  return `${kind} ${key}: ${await world.pass(kind, key)}`;
}
