/** One detail of a refusal, as the API server's Status carries it. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

interface Refusal {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  readonly details?: { readonly causes?: readonly StatusCause[] } | undefined;
}

/** A call that the API server refused or did not answer. The message never holds headers, queries or bodies we sent. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status; 0 when no answer came (reason Timeout or Unreachable): the call may have happened. */
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly details: { readonly causes?: readonly StatusCause[] } | undefined;

  constructor(call: string, refusal: Refusal, cause?: unknown) {
    super(`${call}: ${refusal.status === 0 ? '' : `${refusal.status} `}${refusal.reason}: ${refusal.message}`, {
      cause,
    });
    this.status = refusal.status;
    this.reason = refusal.reason;
    this.retryAfterMs = refusal.retryAfterMs;
    this.details = refusal.details;
  }
}

const hasStatus = (error: unknown, status: number): error is KubeError =>
  error instanceof KubeError && error.status === status;

export const isNotFound = (error: unknown): error is KubeError => hasStatus(error, 404);
export const isForbidden = (error: unknown): error is KubeError => hasStatus(error, 403);
export const isGone = (error: unknown): error is KubeError => hasStatus(error, 410);
export const isInvalid = (error: unknown): error is KubeError => hasStatus(error, 422);
export const isTooManyRequests = (error: unknown): error is KubeError => hasStatus(error, 429);

/** The name is taken: 409 to a create. */
export const isAlreadyExists = (error: unknown): error is KubeError =>
  hasStatus(error, 409) && error.reason === 'AlreadyExists';

/** The object is no longer the one that was seen: 409 by resourceVersion or UID. */
export const isConflict = (error: unknown): error is KubeError =>
  hasStatus(error, 409) && error.reason !== 'AlreadyExists';

/** No answer came, so nobody knows whether the call happened. */
export const isUnanswered = (error: unknown): error is KubeError => hasStatus(error, 0);

/** The same call may succeed later without anybody changing anything. */
export const isTransient = (error: unknown): error is KubeError =>
  error instanceof KubeError && (error.status === 0 || error.status === 429 || error.status >= 500);

/** Does the refusal name this cause? An eviction that a budget forbids is a 429 with cause DisruptionBudget. */
export const hasCause = (error: unknown, reason: string): boolean =>
  error instanceof KubeError && (error.details?.causes ?? []).some((cause) => cause.reason === reason);
