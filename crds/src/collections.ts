import * as z from 'zod';
import { marked, twin } from './kubernetes.ts';

/** A list that is edited entry by entry: server-side apply merges by these keys, and no two entries share them all. */
export const listMap = <S extends z.ZodObject>(item: S, keys: readonly (keyof S['shape'] & string)[], max: number) =>
  twin(
    z.array(item).max(max),
    (items) => allDiffer(items.map((each) => identity(each as Record<string, unknown>, keys))),
    `two entries have the same ${keys.join(' and ')}`,
    { listType: 'map', listMapKeys: keys },
  );

const identity = (entry: Readonly<Record<string, unknown>>, keys: readonly string[]): string =>
  JSON.stringify(keys.map((key) => entry[key]));

/** A list without repetition and without order. */
export const listSet = <S extends z.ZodType>(item: S, max: number) =>
  twin(z.array(item).max(max), allDiffer, 'an entry is there twice', { listType: 'set' });

/** A list that is replaced as a whole. */
export const list = <S extends z.ZodType>(item: S, max: number) =>
  marked(z.array(item).max(max), { listType: 'atomic' });

/** String to string, with at most so many entries. */
export const stringMap = (entries: number, value: z.ZodString) =>
  twin(z.record(z.string(), value), (map) => Object.keys(map).length <= entries, `at most ${entries} entries`, {
    maxProperties: entries,
  });

const allDiffer = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
