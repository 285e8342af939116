import { KubeError, type StatusCause } from './errors.ts';

/** The Status object of the Kubernetes API: the body of a refusal and of a watch's ERROR frame. */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly StatusCause[]; readonly retryAfterSeconds?: number };
}

/** The error behind a response that is not 2xx; a body that is no Status is quoted in part. */
export function refused(call: string, status: number, retryAfter: string | undefined, body: string): KubeError {
  return fromStatus(call, { code: status, ...parseStatus(body) }, seconds(retryAfter), status);
}

/** The error in a watch's ERROR frame, which comes inside a 200. */
export const fromFrame = (call: string, status: Status): KubeError =>
  fromStatus(call, status, undefined, status.code ?? 500);

/** The error when no answer came. */
export const unanswered = (
  call: string,
  reason: 'Timeout' | 'Unreachable' | 'MalformedAnswer',
  cause: unknown,
): KubeError =>
  new KubeError(call, { status: 0, reason, message: cause instanceof Error ? describe(cause) : String(cause) }, cause);

function fromStatus(call: string, status: Status, retryAfterMs: number | undefined, code: number): KubeError {
  return new KubeError(call, {
    status: code,
    reason: status.reason ?? 'Unknown',
    message: status.message ?? '',
    retryAfterMs: retryAfterMs ?? seconds(status.details?.retryAfterSeconds),
    details: status.details,
  });
}

function parseStatus(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Proxies answer in HTML, the API server itself sometimes in plain text.
  }
  return { message: body.slice(0, 200).trim() };
}

const seconds = (value: string | number | undefined): number | undefined => {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number * 1000 : undefined;
};

const describe = (error: Error & { code?: unknown }): string =>
  typeof error.code === 'string' ? `${error.code} ${error.message}` : error.message;
