import { Failure } from './failures.ts';

export interface Page<T> {
  readonly items: T[];
  /** Null: this was the last page. */
  readonly next_cursor: string | null;
}

/**
 * A page of a list in the order of `placeOf`: what comes after the place that the cursor holds. Nothing is kept between
 * calls, and what is created or deleted meanwhile moves nothing from one page to another.
 */
export function page<T>(
  objects: readonly T[],
  placeOf: (object: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<T> {
  const after = cursor === undefined ? '' : decode(cursor);
  const shown = firstAfter(after, objects, placeOf, limit + 1);
  const last = shown[limit - 1];
  return {
    items: shown.slice(0, limit).map(({ object }) => object),
    next_cursor: last === undefined || shown.length <= limit ? null : encode(last.place),
  };
}

/** The place of each object worked out once: what the shared copy holds is replaced, never changed. */
export function remembered<T extends WeakKey>(placeOf: (object: T) => string): (object: T) => string {
  const places = new WeakMap<T, string>();
  return (object) => {
    const known = places.get(object);
    if (known !== undefined) return known;
    const place = placeOf(object);
    places.set(object, place);
    return place;
  };
}

interface Placed<T> {
  readonly object: T;
  readonly place: string;
}

/** The first so many in order, without putting all others in order: of ten thousand Allocations a page shows fifty. */
function firstAfter<T>(
  after: string,
  objects: readonly T[],
  placeOf: (object: T) => string,
  most: number,
): readonly Placed<T>[] {
  const first: Placed<T>[] = [];
  for (const object of objects) {
    const place = placeOf(object);
    const last = first.length < most ? undefined : first.at(-1);
    if (place <= after || (last !== undefined && place > last.place)) continue;
    first.splice(indexFor(place, first), 0, { object, place });
    if (first.length > most) first.pop();
  }
  return first;
}

/** Where it belongs among places that are in order. */
function indexFor(place: string, ordered: readonly Placed<unknown>[]): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle]?.place ?? '') < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

const VERSION = 'v1:';

const encode = (place: string): string => Buffer.from(`${VERSION}${place}`).toString('base64url');

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (text.startsWith(VERSION)) return text.slice(VERSION.length);
  throw new Failure('invalid', 'cursor: is none that this tool has returned', {
    nextStep: 'Repeat the call without cursor for the first page.',
  });
}
