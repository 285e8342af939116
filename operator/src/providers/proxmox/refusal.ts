import * as z from 'zod';
import { type ErrorClass, ProviderError } from '../errors.ts';

/** An answer as it came in. Proxmox says why in the reason phrase, and not always in the body. */
export interface Incoming {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

/** Rights and Secrets change without an event that would be seen: it looks again by itself. */
const RIGHTS_MS = 60_000;
const LONGEST = 500;

const Body = z.object({
  message: z.string().optional(),
  errors: z.record(z.string(), z.string()).optional(),
});

/** What a refusal of Proxmox means. */
export function refusalOf(what: string, answer: Incoming): ProviderError {
  const said = words(answer);
  const [of, code] = meaning(answer.status, said);
  const retryAfterMs = of === 'Unauthorized' ? RIGHTS_MS : secondsOf(answer.retryAfter);
  return new ProviderError(of, code, `Proxmox ${what}: ${answer.status} ${said}`, { retryAfterMs });
}

/** The parameter at fault first, then what Proxmox says of the call; an HTML page of a proxy says nothing. */
function words({ reason, body }: Incoming): string {
  const { message, errors = {} } = parsed(body);
  const parameters = Object.entries(errors).map(([name, why]) => `${name}: ${why.trim()}`);
  return [...parameters, (message ?? reason).trim()]
    .filter((part) => part !== '')
    .join('; ')
    .slice(0, LONGEST);
}

function parsed(body: string): z.output<typeof Body> {
  try {
    return Body.catch({}).parse(JSON.parse(body));
  } catch {
    return {};
  }
}

/** By what is said, where the status says too little; the first row that fits counts. */
const BY_WORDS: readonly (readonly [RegExp, ErrorClass, string])[] = [
  [/already exists|already running/i, 'Conflict', 'AlreadyExists'],
  [
    /can't lock file|got timeout|VM is locked|got no worker upid|unable to (?:acquire|obtain) lock/i,
    'Conflict',
    'Locked',
  ],
  [/protection mode/i, 'Conflict', 'Protected'],
  [/detected modified configuration|file change by other user/i, 'Conflict', 'Changed'],
  [
    /no space left|out of space|not enough (?:free )?(?:space|memory)|insufficient (?:space|memory)/i,
    'Capacity',
    'NoRoom',
  ],
  [/does not exist|no such (?:resource|vm|file)|not found/i, 'NotReady', 'NotFound'],
];

function meaning(status: number, said: string): readonly [ErrorClass, string] {
  if (status === 401) return ['Unauthorized', 'TokenRefused'];
  if (status === 403) return ['Unauthorized', 'PrivilegeMissing'];
  if (status === 429) return ['Throttled', 'TooManyRequests'];
  if (status === 501) return ['Invalid', 'NotImplemented'];
  const [, of, code] = BY_WORDS.find(([pattern]) => pattern.test(said)) ?? [];
  if (of !== undefined && code !== undefined) return [of, code];
  if (status === 400) return ['Invalid', 'BadParameter'];
  if (status === 404) return ['NotReady', 'NotFound'];
  return status >= 500 ? ['Transient', `Http${status}`] : ['Internal', `Http${status}`];
}

function secondsOf(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter);
  return retryAfter === undefined || Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), 600) * 1000;
}

/** No answer, or one that is none. What undici says holds addresses but no secret. */
export const unanswered = (what: string, code: string, cause: unknown): ProviderError =>
  new ProviderError('Transient', code, `Proxmox ${what}: ${cause instanceof Error ? cause.message : 'no answer'}`, {
    cause,
  });

export const isMissing = (error: unknown): boolean => error instanceof ProviderError && error.code === 'NotFound';
export const isForbidden = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === 'PrivilegeMissing';
export const isTaken = (error: unknown): boolean => error instanceof ProviderError && error.code === 'AlreadyExists';
