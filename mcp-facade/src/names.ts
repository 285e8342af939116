import { createHash, randomUUID } from 'node:crypto';

const HEX = 12;

/** What a request is about: who asks, by which tool, under which key. */
export interface Requested {
  readonly principal: string;
  readonly tool: string;
  readonly key: string | undefined;
}

/** The same name for the same key, so that the API server tells a repetition; random without a key. */
export const requestName = (prefix: string, { principal, tool, key }: Requested): string =>
  `${prefix}${key === undefined ? randomUUID().replaceAll('-', '').slice(0, HEX) : digest([principal, tool, key]).slice(0, HEX)}`;

/** A digest of plain data, the same whatever the order of its keys. */
export const digest = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    .join()}}`;
}
