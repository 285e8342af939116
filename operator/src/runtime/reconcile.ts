import { isNotFound } from '../kube/errors.ts';
import { type WakeUp, wakeUp } from './outcome.ts';

export interface Decision<A> {
  readonly actions: readonly A[];
  /** The next known moment, in milliseconds from now. */
  readonly requeueAfterMs?: number;
  /** The actions do not depend on each other: up to 16 run at once. */
  readonly parallel?: boolean;
}

/** How one kind is taken care of. `decide` and `report` are pure; actions return nothing, the next observation sees what they did. */
export interface Room<O, A, S> {
  readonly name: string;
  /** Undefined when the object is gone. */
  observe(key: string): Promise<O | undefined>;
  decide(seen: O, now: Date): Decision<A>;
  /** Throws Stalled, Waiting, or anything else to be retried with backoff. */
  perform(action: A, seen: O): Promise<void>;
  /** The status as it should read, or undefined when it already does. */
  report(seen: O, actions: readonly A[], failure: unknown, now: Date): S | undefined;
  publish(seen: O, status: S): Promise<void>;
}

/** Hears of every action, when it is over. */
export type Performed<A> = (action: A, ms: number, failure: unknown) => void;

const AT_ONCE = 16;

/**
 * One pass: observe, decide, perform until something fails, report, publish.
 * A lost race while publishing is retried with backoff; the event that won it usually comes sooner.
 */
export async function reconcile<O, A, S>(
  room: Room<O, A, S>,
  key: string,
  now: Date,
  performed: Performed<A> = () => undefined,
): Promise<WakeUp> {
  const seen = await room.observe(key);
  if (seen === undefined) return { kind: 'rest' };

  const { actions, requeueAfterMs, parallel } = room.decide(seen, now);
  const failure = await performAll(room, seen, actions, parallel === true ? AT_ONCE : 1, performed);
  const unpublished = await publish(room, seen, room.report(seen, actions, failure, now));

  if (isNotFound(unpublished)) return { kind: 'rest' };
  return wakeUp(unpublished ?? failure, requeueAfterMs);
}

/** In order, `width` at once; the first failure stops what has not begun, and is returned. */
async function performAll<O, A, S>(
  room: Room<O, A, S>,
  seen: O,
  actions: readonly A[],
  width: number,
  performed: Performed<A>,
): Promise<unknown> {
  const waiting = actions[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const action of waiting) {
      const failure = await performOne(room, action, seen, performed);
      if (failure !== undefined) failures.push(failure);
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, actions.length) }, lane));
  return failures[0];
}

async function performOne<O, A, S>(room: Room<O, A, S>, action: A, seen: O, performed: Performed<A>): Promise<unknown> {
  const startedAt = performance.now();
  const failure = await caught(room.perform(action, seen));
  performed(action, performance.now() - startedAt, failure);
  return failure;
}

async function publish<O, A, S>(room: Room<O, A, S>, seen: O, status: S | undefined): Promise<unknown> {
  return status === undefined ? undefined : await caught(room.publish(seen, status));
}

const caught = async (work: Promise<void>): Promise<unknown> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error ?? new Error('failed without saying why');
  }
};
