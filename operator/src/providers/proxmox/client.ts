import type { Dispatcher } from 'undici';
import { timeLimit } from '../../kube/time-limit.ts';
import { answerText } from '../answer-text.ts';
import { ProviderError } from '../errors.ts';
import { within } from '../within.ts';
import { type AnswerOf, type MethodName, METHODS } from './methods.ts';
import { type Incoming, refusalOf, unanswered } from './refusal.ts';
import { type Arguments, type Outgoing, requestOf, type Upload } from './request.ts';
import { FingerprintChanged } from './trust.ts';

const CHANGE_MS = 8_000;
const READ_MS = 30_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** Sends one call and answers what came, whatever its status. */
export type Send = (call: Outgoing, signal: AbortSignal) => Promise<Incoming>;

/** The calls on one Proxmox cluster: each in its time, each answer checked, each refusal in its class. */
export class ProxmoxClient {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  async call<N extends MethodName>(
    name: N,
    args: Arguments,
    signal: AbortSignal,
    upload?: Upload,
  ): Promise<AnswerOf<N>> {
    const method = METHODS[name];
    const call = requestOf(method, args, upload);
    const what = `${call.verb} ${call.path.split('?')[0] ?? ''}`;
    const answer = await this.#answer(what, call, signal);
    if (answer.status >= 300) throw refusalOf(what, answer);
    const parsed = method.answers.safeParse(dataOf(what, answer.body));
    if (parsed.success) return parsed.data as AnswerOf<N>;
    throw unanswered(
      what,
      'MalformedAnswer',
      new Error(`the answer is not what the API promises: ${where(parsed.error)}`),
    );
  }

  async #answer(what: string, call: Outgoing, signal: AbortSignal): Promise<Incoming> {
    using limit = timeLimit(call.verb === 'GET' ? READ_MS : CHANGE_MS, signal);
    try {
      return await within(limit.signal, () => this.#send(call, limit.signal));
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (error instanceof FingerprintChanged) throw untrusted(error, error);
      if (error instanceof Error && isCertificateError(error)) throw untrusted(error, new Error(error.message));
      throw unanswered(what, 'Unreachable', error);
    }
  }
}

/** Calls over the wire. The token is in a header that no error and no log shows, not even where the answer repeats it. */
export function sendOver(dispatcher: Dispatcher, url: string, token: string): Send {
  const { origin } = new URL(url);
  const secret = token.slice(token.indexOf('=') + 1);
  const clean = (text: string): string => (secret === '' ? text : text.replaceAll(secret, '[redacted]'));
  return async ({ verb, path, body }, signal) => {
    const {
      statusCode,
      statusText,
      headers,
      body: stream,
    } = await dispatcher.request({
      origin,
      path: `/api2/json${path}`,
      method: verb,
      signal,
      headers: {
        authorization: `PVEAPIToken=${token}`,
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': body.type, 'content-length': String(Buffer.byteLength(body.bytes)) }),
      },
      ...(body === undefined ? {} : { body: body.bytes }),
    });
    const retryAfter = headers['retry-after'];
    return {
      status: statusCode,
      reason: clean(statusText),
      body: clean(await answerText(stream, MOST_BYTES)),
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    };
  };
}

function dataOf(what: string, body: string): unknown {
  try {
    return (JSON.parse(body) as { data?: unknown } | null)?.data;
  } catch (error) {
    throw unanswered(what, 'MalformedAnswer', new Error('the answer is no JSON', { cause: error }));
  }
}

const where = (error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): string =>
  error.issues.map(({ path }) => path.join('.') || 'data').join(', ');

const isCertificateError = (error: Error & { code?: string }): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|TLS_CERT_ALTNAME/.test(error.code ?? '');

const UNTRUSTED_MS = 60_000;

const untrusted = (error: Error, cause: Error): ProviderError =>
  new ProviderError(
    'Unauthorized',
    'Untrusted',
    `Proxmox is not trusted: ${error.message}; see proxmox.tls of the WorkerPool`,
    { retryAfterMs: UNTRUSTED_MS, cause },
  );
