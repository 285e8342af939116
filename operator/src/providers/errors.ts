/** What a refusal means, whatever the provider. */
export type ErrorClass =
  | 'Transient'
  | 'Conflict'
  | 'Throttled'
  | 'Capacity'
  | 'Quota'
  | 'Invalid'
  | 'Unauthorized'
  | 'NotReady'
  | 'Foreign'
  | 'Internal';

/** A provider's refusal, by what it means for the next try. The code is the provider's word; the message holds no secret. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly class: ErrorClass;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    of: ErrorClass,
    code: string,
    message: string,
    options: { retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.class = of;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * What to do after a refusal: try again with backoff, or after some time, or stop until somebody changes something;
 * `newAttempt` says that another id could succeed where this one cannot.
 */
export type Advice =
  | { readonly kind: 'backoff' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'stop'; readonly newAttempt: boolean };

const SOON_MS = 1_000;
const SLOW_MS = 60_000;

const POLICY: Readonly<Record<ErrorClass, Advice>> = {
  Transient: { kind: 'backoff' },
  Conflict: { kind: 'backoff' },
  Internal: { kind: 'backoff' },
  Throttled: { kind: 'after', ms: SOON_MS },
  NotReady: { kind: 'after', ms: SOON_MS },
  Capacity: { kind: 'after', ms: SLOW_MS },
  Quota: { kind: 'stop', newAttempt: false },
  Invalid: { kind: 'stop', newAttempt: false },
  Unauthorized: { kind: 'stop', newAttempt: false },
  Foreign: { kind: 'stop', newAttempt: true },
};

/**
 * The one place that knows what a refusal means for the next try. A refusal that names a time is heeded, whatever its
 * class: who says when to come back has no Secret or spec whose change could be waited for.
 */
export const adviceOn = ({ class: of, retryAfterMs }: Pick<ProviderError, 'class' | 'retryAfterMs'>): Advice =>
  retryAfterMs === undefined ? POLICY[of] : { kind: 'after', ms: retryAfterMs };
