import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { type Allowance, TokenBucket } from './allowance.ts';
import { type Connections, connect, disconnect, retire } from './connections.ts';
import { Credentials } from './credentials.ts';
import { KubeError } from './errors.ts';
import { type Frame, framesOf } from './frames.ts';
import { type Identity, sameTrust, serverOf, type Trust } from './identity.ts';
import type { KubeObject } from './object.ts';
import { resourceOf } from './paths.ts';
import { pause } from './pause.ts';
import { refused, unanswered } from './refusal.ts';
import { retryRead } from './retry.ts';
import { timeLimit } from './time-limit.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Default 15 s. */
  readonly timeoutMs?: number;
  /** Reads are repeated after transient refusals unless this is false. */
  readonly retry?: boolean;
}

export interface TransportObserver {
  /** Every answer's Date header, with the monotonic times (ms) between which the server wrote it. */
  dated?(date: string, sentAt: number, receivedAt: number): void;
  /** Every call; code 0 when no answer came; resource without names, as in `pods/eviction`. */
  called?(call: { method: string; resource: string; code: number; ms: number }): void;
}

export interface TransportOptions {
  readonly userAgent?: string;
  /** Default true; false for proxies that speak HTTP/1.1 only. */
  readonly http2?: boolean;
  readonly observer?: TransportObserver;
  /** Most calls a second, without watches, Leases and Events; default: as many as the server answers. */
  readonly allowance?: Allowance | undefined;
}

/** Raw JSON calls and watches on one API server. */
export interface Transport {
  call<A>(method: Method, path: string, options?: CallOptions): Promise<A>;
  /**
   * Frames in batches until the server ends the watch; throws KubeError when it is refused or cut, and what the
   * signal was aborted with. `opened` is called once the server has accepted it: the first frame may take a minute.
   */
  watch<T extends KubeObject>(
    path: string,
    query: Query,
    signal: AbortSignal,
    opened?: () => void,
  ): AsyncGenerator<Frame<T>[], void>;
  /** Lets calls under way end and cuts the watches. */
  close(): Promise<void>;
}

/** Throws at once when the kubeconfig names no cluster or its credentials cannot be read; connects with the first call. */
export async function openTransport(kubeConfig: KubeConfig, options: TransportOptions = {}): Promise<Transport> {
  const server = serverOf(kubeConfig);
  const credentials = await Credentials.of(kubeConfig);
  return new PooledTransport(server, credentials, (await credentials.current()).trust, options);
}

/** client-node is asked for identity and trust only: its own calls open one TLS connection each. */
class PooledTransport implements Transport {
  readonly #origin: string;
  readonly #prefix: string;
  readonly #credentials: Credentials;
  readonly #options: TransportOptions;
  readonly #bucket: TokenBucket | undefined;
  #trust: Trust;
  #connections: Connections;

  constructor(server: URL, credentials: Credentials, trust: Trust, options: TransportOptions) {
    this.#origin = server.origin;
    this.#prefix = server.pathname.replace(/\/$/, '');
    this.#credentials = credentials;
    this.#options = options;
    this.#bucket = options.allowance && new TokenBucket(options.allowance);
    this.#trust = trust;
    this.#connections = connect(trust, options.http2 ?? true);
  }

  async call<A>(method: Method, path: string, options: CallOptions = {}): Promise<A> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#callOnce<A>(method, path, options);
      } catch (error) {
        const delay = method === 'GET' && options.retry !== false ? retryRead(error, attempt) : undefined;
        if (delay === undefined || options.signal?.aborted) throw error;
        await pause(delay, options.signal);
      }
    }
  }

  async *watch<T extends KubeObject>(
    path: string,
    query: Query,
    signal: AbortSignal,
    opened?: () => void,
  ): AsyncGenerator<Frame<T>[], void> {
    try {
      const answer = await this.#send('WATCH', path, { query: { ...query, watch: true }, signal });
      opened?.();
      answer.body.setEncoding('utf8');
      yield* framesOf<T>(answer.body as AsyncIterable<string>);
    } catch (error) {
      throw signal.aborted ? error : explain(`WATCH ${path}`, error);
    }
  }

  async close(): Promise<void> {
    await disconnect(this.#connections);
  }

  async #callOnce<A>(method: Method, path: string, options: CallOptions): Promise<A> {
    using limit = timeLimit(options.timeoutMs ?? 15_000, options.signal);
    try {
      await this.#allowed(path, limit.signal);
      const answer = await this.#send(method, path, { ...options, signal: limit.signal });
      return (await answer.body.json()) as A;
    } catch (error) {
      throw options.signal?.aborted ? error : explain(`${method} ${path}`, error, limit.expired);
    }
  }

  /** The wait is part of the time that a call may take: what is fenced by time stays so (contract S10). */
  async #allowed(path: string, signal: AbortSignal): Promise<void> {
    const waitMs = this.#bucket === undefined || APART.has(resourceOf(path)) ? 0 : this.#bucket.take();
    if (waitMs > 0) await pause(waitMs, signal);
    signal.throwIfAborted();
  }

  /** One exchange up to the answer's head; a refusal throws. */
  async #send(method: Method | 'WATCH', path: string, options: CallOptions): Promise<Dispatcher.ResponseData> {
    const identity = await this.#identity();
    const sentAt = performance.now();
    let code = 0;
    try {
      const answer = await this.#dispatch(method, path, options, identity.headers);
      code = answer.statusCode;
      this.#tellDate(answer, sentAt);
      if (code < 300) return answer;
      if (code === 401) this.#credentials.forget();
      throw refused(`${method} ${path}`, code, oneOf(answer.headers['retry-after']), await answer.body.text());
    } finally {
      this.#options.observer?.called?.({ method, resource: resourceOf(path), code, ms: performance.now() - sentAt });
    }
  }

  async #dispatch(
    method: Method | 'WATCH',
    path: string,
    options: CallOptions,
    identity: Identity['headers'],
  ): Promise<Dispatcher.ResponseData> {
    const { calls, watches } = this.#connections;
    return await (method === 'WATCH' ? watches : calls).request({
      origin: this.#origin,
      method: method === 'WATCH' ? 'GET' : method,
      path: this.#prefix + path + search(options.query),
      headers: {
        ...identity,
        accept: 'application/json',
        'user-agent': this.#options.userAgent ?? 'cortex-operator',
        ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  }

  /** New certificates need new connections: a TLS connection keeps those it was made with. */
  async #identity(): Promise<Identity> {
    const identity = await this.#credentials.current();
    if (identity.trust === this.#trust) return identity;
    const before = this.#trust;
    this.#trust = identity.trust;
    if (sameTrust(before, identity.trust)) return identity;
    const old = this.#connections;
    this.#connections = connect(identity.trust, this.#options.http2 ?? true);
    void retire(old);
    return identity;
  }

  #tellDate(answer: Dispatcher.ResponseData, sentAt: number): void {
    const date = oneOf(answer.headers['date']);
    if (date !== undefined) this.#options.observer?.dated?.(date, sentAt, performance.now());
  }
}

/** A lease must be renewed in time, and Events have a limit of their own. */
const APART: ReadonlySet<string> = new Set(['leases.coordination.k8s.io', 'events.events.k8s.io']);

function explain(call: string, error: unknown, timedOut = false): KubeError {
  if (error instanceof KubeError) return error;
  if (timedOut) return unanswered(call, 'Timeout', new Error('no answer within the time limit', { cause: error }));
  return unanswered(call, error instanceof SyntaxError ? 'MalformedAnswer' : 'Unreachable', error);
}

const oneOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

function search(query: Query = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}
