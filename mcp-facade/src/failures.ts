/** What went wrong, in the words of docs/facade.md. A client may branch on these and on nothing else. */
export const FAILURE_CODES = [
  'not_found',
  'invalid',
  'forbidden',
  'capacity_exhausted',
  'idempotency_conflict',
  'confirmation_required',
  'rate_limited',
  'unavailable',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** Keys of one failure; none of those that every failure has. */
type Data = Readonly<Record<string, unknown> & { code?: never; message?: never; error?: never }>;

export interface FailureDetails {
  /** What the caller is to do next: always a sentence that can be acted on. */
  readonly nextStep: string;
  /** Default: only what may pass by itself is worth a retry. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  /** Further keys of the result: ids the caller knows the object by, a plan, near names. */
  readonly data?: Data;
  readonly cause?: unknown;
}

const RETRYABLE: readonly FailureCode[] = ['rate_limited', 'unavailable', 'capacity_exhausted'];

/** A call that did not do what it was asked, with everything its caller is told. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** The same failure, with further keys for its caller, and perhaps another way on. */
  with(data: Data, nextStep = this.details.nextStep): Failure {
    return new Failure(this.code, this.message, { ...this.details, nextStep, data: { ...this.details.data, ...data } });
  }
}

/** The body of an error result, what went wrong first; `error` repeats the message, for callers that read only that key. */
export function failureBody({ code, message, details }: Failure, requestId: string): Record<string, unknown> {
  const { nextStep, retryable = RETRYABLE.includes(code), retryAfterSeconds, data = {} } = details;
  return {
    code,
    message,
    error: message,
    ...data,
    retryable,
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    next_step: nextStep,
    request_id: requestId,
  };
}

/** Whatever was thrown, as something a caller may read: a fault of ours says nothing of its inside. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('unavailable', 'The facade could not answer this call', {
        nextStep: 'Try again; if it fails again, give the request_id to whoever runs the facade: its log says more.',
        cause: error,
      });
