import { Agent, type Dispatcher } from 'undici';
import type { Trust } from './identity.ts';

export interface Connections {
  readonly calls: Dispatcher;
  /** Apart from the calls, so that a long stream never shares flow control with a write. */
  readonly watches: Dispatcher;
}

/** HTTP/2: one connection for calls and one for watches. HTTP/1.1 (for proxies that speak nothing else): 16 for calls, one per watch. */
export function connect(trust: Trust, http2: boolean): Connections {
  // undici types its TLS options by hand; what node:https accepts is accepted.
  const connection = { ...trust, timeout: 10_000 } as Agent.Options['connect'] & object;
  const options = { connect: connection, allowH2: http2, headersTimeout: 30_000 };
  const multiplexed = { connections: 1, pipelining: 100 };
  return {
    calls: new Agent({ ...options, bodyTimeout: 30_000, ...(http2 ? multiplexed : { connections: 16 }) }),
    watches: new Agent({ ...options, bodyTimeout: 0, ...(http2 ? multiplexed : {}) }),
  };
}

/** Lets what is under way end, then closes. */
export async function retire(connections: Connections): Promise<void> {
  await Promise.all([connections.calls.close(), connections.watches.close()]);
}

/** Calls under way may end, watches are cut. */
export async function disconnect(connections: Connections): Promise<void> {
  await Promise.all([connections.calls.close(), connections.watches.destroy()]);
}
