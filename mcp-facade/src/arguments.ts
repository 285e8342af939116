import * as z from 'zod';
import { Failure } from './failures.ts';
import { near } from './near.ts';
import { clean } from './present/text.ts';

/** Every bad argument in one failure: a bound that has a message of its own answers with that message, word for word. */
export function invalidArguments({ issues }: z.ZodError, input: z.ZodObject): Failure {
  const known = Object.keys(input.shape);
  const messages = issues.slice(0, 10).map((issue) => sentence(issue, known));
  const fields = [...new Set(issues.map(({ path }) => path.map(String).join('.')).filter((path) => path !== ''))];
  return new Failure('invalid', messages.join('; '), {
    nextStep: 'Change these arguments and repeat the call; nothing was written.',
    data: fields.length === 0 ? {} : { fields: fields.slice(0, 10).map((field) => clean(field, 128)) },
  });
}

function sentence(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, issue.path, known);
  const [message, path] = [clean(issue.message, 300), clean(issue.path.map(String).join('.'), 128)];
  if (path !== '' && message.endsWith(MISSING)) return `${path} is missing`;
  return path === '' || isOwn(message) ? message : `${path}: ${message}`;
}

/** How zod says that there is no such argument; JSON knows no undefined. */
const MISSING = 'received undefined';

/** Messages of ours name what they are about. */
const isOwn = (message: string): boolean => /^(?:Worker count|TTL|Replicas|Invalid size)\b/.test(message);

function unknownKeys(keys: readonly string[], path: readonly PropertyKey[], known: readonly string[]): string {
  const named = keys.slice(0, 5).map((key) => clean(key, 64));
  const meant = path.length === 0 ? named.flatMap((key) => near(key, known)) : [];
  const hint =
    meant.length === 0 ? `it takes ${known.join(', ') || 'no arguments'}` : `did you mean ${meant.join(', ')}?`;
  return `Unknown argument ${named.join(', ')}: ${path.length === 0 ? hint : `not part of ${path.map(String).join('.')}`}`;
}
