import { ClusterError } from '../cluster-error.ts';
import { clean } from '../present/text.ts';

/** What was asked of the API server. */
export interface Asked {
  readonly verb: 'get' | 'watch' | 'create' | 'delete';
  readonly type: {
    readonly kind: string;
    readonly plural: string;
    readonly group: string;
    readonly namespaced: boolean;
  };
  readonly key: string;
}

/** A refusal of the API server, as the wire tells it. */
interface Refusal extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs?: number;
  readonly details?: { readonly causes?: readonly { readonly message?: string; readonly field?: string }[] };
}

/** A refusal in our words. Nothing of it but the messages of our own rules is the API server's text. */
export function translated(error: unknown, asked: Asked): ClusterError {
  if (error instanceof ClusterError) return error;
  if (!isRefusal(error)) return new ClusterError('unavailable', 'The cluster could not be asked', error);
  const { type, verb, key } = asked;
  switch (error.status) {
    case 404:
      return isUnknownKind(error, asked)
        ? new ClusterError('unavailable', uninstalled(asked), error)
        : new ClusterError('not_found', missing(asked), error);
    case 409:
      return error.reason === 'AlreadyExists'
        ? new ClusterError('already_exists', `${type.kind} ${key} exists already`, error)
        : new ClusterError('conflict', `${type.kind} ${key} has changed meanwhile`, error);
    case 401:
      return new ClusterError('unavailable', 'The API server does not accept the credentials of the facade', error);
    case 403:
      return new ClusterError(
        'forbidden',
        `The cluster does not let the facade ${verb} ${type.plural}.${type.group}`,
        error,
      );
    case 400:
    case 422:
      return new ClusterError('invalid', rules(error) || `The API server does not accept this ${type.kind}`, error);
    default:
      return new ClusterError('unavailable', unavailable(error), error, retryAfter(error));
  }
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && 'status' in error && typeof error.status === 'number';

/** A 404 speaks of the object, of its namespace, or of the whole kind. */
const isUnknownKind = ({ message }: Refusal, { verb }: Asked): boolean =>
  verb === 'watch' || /could not find the requested resource|page not found/.test(message);

const uninstalled = ({ type }: Asked): string =>
  `The cluster does not know ${type.plural}.${type.group}: install the CRDs with kubectl apply --server-side -f crds/`;

const missing = ({ type, verb, key }: Asked): string =>
  verb === 'create' && type.namespaced
    ? `Namespace ${key.split('/')[0] ?? ''} not found`
    : `${type.kind} ${key} not found`;

/** `spec.ttl: ttl must not be longer than maxLifetime: …` for each rule that was broken. */
const rules = ({ details }: Refusal): string =>
  (details?.causes ?? [])
    .map(({ field = '', message = '' }) => clean(`${field}: ${message.replace(PREAMBLE, '')}`, 300))
    .slice(0, 5)
    .join('; ');

/** `Invalid value: "object": ` */
const PREAMBLE =
  /^(?:Invalid value|Forbidden|Required value|Unsupported value)(?:: (?:"[^"]*"|\{[^}]*\}|[^:]{0,64}))?: /;

const unavailable = ({ status, reason }: Refusal): string =>
  status === 0
    ? reason === 'Timeout'
      ? 'The API server did not answer in time; what was asked may have happened'
      : 'The API server cannot be reached'
    : status === 429
      ? 'The API server asks for fewer calls'
      : `The API server is in trouble (HTTP ${status})`;

const retryAfter = ({ retryAfterMs }: Refusal): number | undefined =>
  retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
