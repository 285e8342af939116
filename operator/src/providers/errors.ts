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

/** A provider's refusal, by what it means for the next try. The message holds no secret. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly class: ErrorClass;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(of: ErrorClass, code: string, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.class = of;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What to do after a refusal: try again after some time or with backoff, or stop until somebody changes something. */
export type Advice = { readonly kind: 'backoff' } | { readonly kind: 'after'; readonly ms: number } | { readonly kind: 'stop' };

const SLOW_MS = 60_000;

/** The one place that knows what a refusal means for the next try. */
export function adviceOn({ class: of, retryAfterMs }: ProviderError): Advice {
  switch (of) {
    case 'Transient':
    case 'Conflict':
    case 'Internal':
      return { kind: 'backoff' };
    case 'Throttled':
    case 'NotReady':
      return { kind: 'after', ms: retryAfterMs ?? 1_000 };
    case 'Capacity':
      return { kind: 'after', ms: retryAfterMs ?? SLOW_MS };
    case 'Quota':
    case 'Invalid':
    case 'Unauthorized':
    case 'Foreign':
      return { kind: 'stop' };
  }
}
