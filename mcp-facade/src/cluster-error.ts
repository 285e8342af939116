import { Failure } from './failures.ts';

export type ClusterTrouble = 'not_found' | 'already_exists' | 'conflict' | 'forbidden' | 'invalid' | 'unavailable';

/** What the API server answered, in words of ours: its own text never reaches a caller, but for the messages of our own rules. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly trouble: ClusterTrouble;
  readonly retryAfterSeconds: number | undefined;

  constructor(trouble: ClusterTrouble, message: string, cause?: unknown, retryAfterSeconds?: number) {
    super(message, { cause });
    this.trouble = trouble;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const isMissing = (error: unknown): error is ClusterError =>
  error instanceof ClusterError && error.trouble === 'not_found';

export const isTaken = (error: unknown): error is ClusterError =>
  error instanceof ClusterError && error.trouble === 'already_exists';

const NEXT_STEP: Readonly<Record<ClusterTrouble, string>> = {
  not_found: 'List what exists, and use one of those names.',
  already_exists: 'Read the object of that name, or use another name.',
  conflict: 'Read the object again and repeat the call.',
  forbidden: 'Ask whoever runs the cluster to grant this to the identity of the facade.',
  invalid: 'Change the argument that the message names and repeat the call.',
  unavailable: 'Wait, then repeat the call; a read shows whether a write went through.',
};

/** A trouble that no tool expected, as its caller is told. */
export function clusterFailure(error: ClusterError): Failure {
  const { trouble, message, retryAfterSeconds } = error;
  const code = trouble === 'already_exists' || trouble === 'conflict' ? 'idempotency_conflict' : trouble;
  return new Failure(code, message, {
    nextStep: NEXT_STEP[trouble],
    cause: error,
    ...(trouble === 'conflict' ? { retryable: true } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
