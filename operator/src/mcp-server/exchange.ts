import { Agent, type Dispatcher } from 'undici';
import { startTimer } from '../runtime/timer.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Message } from './mcp-messages.ts';

/** What came back from one request: the head, and the JSON-RPC message in the body if there was one. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly session: string | undefined;
  readonly message: unknown;
}

/** Whoever takes longer is asked again later. */
const LIMITS = { connectMs: 2_000, answerMs: 5_000 };
const MOST_BYTES = 1024 * 1024;

/** Errors by which nothing was reached: no word on who was to answer. */
const UNREACHED = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);

export const isUnreached = (error: unknown): boolean => UNREACHED.has(codeOf(error));

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer in time';

/** Requests to servers that nobody vouches for: apart from all other connections, bounded in time and size, no redirects. */
export class Exchange {
  readonly #agent: Agent;
  readonly #answerMs: number;

  constructor({ connectMs, answerMs } = LIMITS) {
    this.#answerMs = answerMs;
    this.#agent = new Agent({
      allowH2: false,
      connect: { timeout: connectMs },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      keepAliveTimeout: 1_000,
      maxResponseSize: MOST_BYTES,
      pipelining: 1,
    });
  }

  /** Throws where no answer came. */
  async post(url: URL, { headers, body }: Message): Promise<Answer> {
    return await this.#send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    });
  }

  async get(url: URL): Promise<Answer> {
    return await this.#send(url, { method: 'GET', headers: { accept: '*/*' } });
  }

  /** Ends a session; a server that cannot is left alone. */
  async end(url: URL, headers: Readonly<Record<string, string>>): Promise<void> {
    await this.#send(url, { method: 'DELETE', headers }).catch(() => undefined);
  }

  /** The whole exchange ends in time, however slowly the bytes come. */
  async #send(url: URL, options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>): Promise<Answer> {
    const limit = new AbortController();
    const cancel = startTimer(this.#answerMs, () => limit.abort());
    try {
      const { origin, pathname, search } = url;
      const head = await this.#agent.request({ ...options, origin, path: pathname + search, signal: limit.signal });
      const contentType = String(head.headers['content-type'] ?? '');
      const session = head.headers['mcp-session-id'];
      return {
        status: head.statusCode,
        contentType,
        session: typeof session === 'string' ? session : undefined,
        message: await messageIn(head.body, contentType),
      };
    } finally {
      cancel();
    }
  }
}

/** A stream is read up to the message that was asked for: it may never end. */
async function messageIn(body: Dispatcher.ResponseData['body'], contentType: string): Promise<unknown> {
  const decoder = new TextDecoder();
  const reader = new AnswerReader(contentType);
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const message = reader.read(decoder.decode(chunk, { stream: true }));
    if (message !== undefined) return message;
  }
  return reader.end();
}
