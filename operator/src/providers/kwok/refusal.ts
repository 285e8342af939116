import { hasCause, KubeError } from '../../kube/errors.ts';
import { type ErrorClass, ProviderError } from '../errors.ts';

/** The rights of the operator change without an event that it would see: it looks again by itself. */
const RIGHTS_MS = 60_000;

/** What the API server's refusal means for a machine that KWOK plays; a KubeError's message holds no secret. */
export function providerError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (!(error instanceof KubeError))
    return new ProviderError('Internal', 'Unexpected', 'the call to the API server failed unexpectedly', {
      cause: error,
    });
  const of = classOf(error);
  const retryAfterMs = of === 'Unauthorized' ? RIGHTS_MS : error.retryAfterMs;
  return new ProviderError(of, error.reason, error.message, { retryAfterMs, cause: error });
}

function classOf(error: KubeError): ErrorClass {
  if (error.status === 403) return forbidden(error);
  return BY_STATUS[error.status] ?? (error.status >= 500 ? 'Transient' : 'Internal');
}

function forbidden(error: KubeError): ErrorClass {
  if (hasCause(error, 'NamespaceTerminating')) return 'NotReady';
  return error.message.includes('exceeded quota') ? 'Quota' : 'Unauthorized';
}

/** 0: no answer came. 404: the namespace of the records is not there. */
const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  0: 'Transient',
  400: 'Invalid',
  401: 'Unauthorized',
  404: 'NotReady',
  409: 'Conflict',
  422: 'Invalid',
  429: 'Throttled',
};
