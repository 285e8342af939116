import type { Dispatcher } from 'undici';
import type * as z from 'zod';
import { timeLimit } from '../../kube/time-limit.ts';
import { answerText } from '../answer-text.ts';
import { type ErrorClass, ProviderError } from '../errors.ts';
import { FingerprintChanged } from '../proxmox/trust.ts';
import { within } from '../within.ts';
import { signatureOf } from './signature.ts';
import { Refused } from './wire.ts';

const CHANGE_MS = 8_000;
const READ_MS = 30_000;
const MOST_BYTES = 8 * 1024 * 1024;
const RIGHTS_MS = 60_000;

/** A request, and what makes it the same one when it is sent again. */
export interface Outgoing {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below the service's URL, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

export interface Incoming {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

export type Send = (call: Outgoing, signal: AbortSignal) => Promise<Incoming>;

/** The calls on one service: each signed, each in its time, each answer checked, each refusal in its class. */
export class ExternalClient {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** The answer; undefined for 404. */
  async call<A>(call: Outgoing, answers: z.ZodType<A>, signal: AbortSignal): Promise<A | undefined> {
    const what = `${call.method} ${call.path.split('?')[0] ?? ''}`;
    const answer = await this.#answer(what, call, signal);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw refusalOf(what, answer);
    if (answer.status === 204) return undefined;
    const parsed = answers.safeParse(jsonOf(answer.body));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues.map(({ path }) => path.join('.') || 'the answer').join(', ');
    throw new ProviderError('Transient', 'MalformedAnswer', `${what}: the answer is not what was agreed on: ${where}`);
  }

  async #answer(what: string, call: Outgoing, signal: AbortSignal): Promise<Incoming> {
    using limit = timeLimit(call.method === 'GET' ? READ_MS : CHANGE_MS, signal);
    try {
      return await within(limit.signal, () => this.#send(call, limit.signal));
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      throw unanswered(what, error);
    }
  }
}

/** Over the wire, signed. The key is in no request. */
export function sendOver(dispatcher: Dispatcher, url: string, key: string, now: () => Date): Send {
  const { origin, pathname } = new URL(url);
  return async ({ method, path, body, idempotencyKey }, signal) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const full = `${pathname.replace(/\/$/, '')}${path}`;
    const at = Math.floor(now().getTime() / 1000);
    const answer = await dispatcher.request({
      origin,
      path: full,
      method,
      signal,
      headers: {
        accept: 'application/json',
        'cortex-signature': signatureOf(key, { method, path: full, at, body: text }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(text === '' ? {} : { 'content-type': 'application/json' }),
      },
      ...(text === '' ? {} : { body: text }),
    });
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      body: (await answerText(answer.body, MOST_BYTES)).replaceAll(key, '[redacted]'),
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    };
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  400: 'Invalid',
  401: 'Unauthorized',
  403: 'Unauthorized',
  409: 'Conflict',
  422: 'Invalid',
  429: 'Throttled',
  507: 'Capacity',
};

/** What the service says of it counts; where it says nothing that is understood, its status does. */
function refusalOf(what: string, { status, body, retryAfter }: Incoming): ProviderError {
  const said = Refused.safeParse(jsonOf(body));
  const error = said.success ? said.data.error : undefined;
  const of = error?.class ?? BY_STATUS[status] ?? (status >= 500 ? 'Transient' : 'Internal');
  const seconds = Number(retryAfter);
  const asked = Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), 600) * 1000;
  const retryAfterMs = asked ?? (of === 'Unauthorized' ? RIGHTS_MS : undefined);
  const words = error === undefined || error.message === '' ? String(status) : `${status} ${error.message}`;
  return new ProviderError(of, codeOf(of, error?.code, status), `${what}: ${words}`, { retryAfterMs });
}

const codeOf = (of: ErrorClass, code: string | undefined, status: number): string =>
  of === 'Unauthorized' && (code === undefined || code === 'Refused') ? 'TokenRefused' : (code ?? `Http${status}`);

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|TLS_CERT_ALTNAME/;

function unanswered(what: string, cause: unknown): ProviderError {
  const { message = 'no answer', code = '' } = cause as { message?: string; code?: string };
  if (cause instanceof FingerprintChanged || CERTIFICATE.test(code))
    return new ProviderError(
      'Unauthorized',
      'Untrusted',
      `The service is not trusted: ${message}; see external.tls of the WorkerPool`,
      { retryAfterMs: RIGHTS_MS },
    );
  return new ProviderError('Transient', 'Unreachable', `${what}: ${message}`, { cause });
}
