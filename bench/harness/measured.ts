import type { Place } from './place.ts';
import { type Anchor, ANCHORS } from './anchors.ts';
import type { Options } from './options.ts';
import { median, rounded } from './statistics.ts';

/** One figure, taken several times. */
export interface Measured {
  /** As in the table of anchors, such as `B1a-i`. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** One value a run. */
  readonly values: readonly number[];
  /** The same in percent of what the control plane took from a bare client in the same run. */
  readonly percentOfB0?: readonly number[];
  /** What it is held against, where that is not in the table of anchors. */
  readonly anchor?: Anchor;
  /** The size of the load, and what else explains the figure. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** One figure as a line of JSON: what, where, with which versions, how sure. */
export function lineOf(measured: Measured, place: Place, { fsync }: Pick<Options, 'fsync'>): string {
  const { id, what, unit, values, percentOfB0, detail = {} } = measured;
  const { target, peers } = anchorOf(measured);
  const middle = median(values);
  return JSON.stringify({
    bench: id,
    what,
    unit,
    median: rounded(middle),
    spread: spreadOf(values),
    runs: values.length,
    ...(percentOfB0 === undefined
      ? {}
      : { percentOfB0: rounded(median(percentOfB0)), percentOfB0Spread: spreadOf(percentOfB0) }),
    ...(target === undefined ? {} : { target: target.text, met: target.met(measured) }),
    ...(peers === undefined ? {} : { peers }),
    ...detail,
    fsync,
    ...place,
  });
}

export const anchorOf = ({ id, anchor }: Pick<Measured, 'id' | 'anchor'>): Anchor => anchor ?? ANCHORS[id] ?? {};

/** The lowest and the highest value. */
export const spreadOf = (values: readonly number[]): [number, number] => [
  rounded(Math.min(...values)),
  rounded(Math.max(...values)),
];

/** What a load says when not everything came about that it asked for. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';
}

/** One benchmark: runs its load as often as asked and tells each figure. */
export interface Benchmark {
  readonly id: string;
  readonly title: string;
  readonly run: (options: Options, tell: (measured: Measured) => void) => Promise<void>;
}
