import type { ServerInfo } from './verdict.ts';

/** One request to an MCP server over HTTP. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

type Json = Readonly<Record<string, unknown>>;

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const CLIENT = { name: 'cortex-operator', version: '0.1.0' };
const KEY = 'io.modelcontextprotocol/';
const META = { [`${KEY}protocolVersion`]: MODERN, [`${KEY}clientInfo`]: CLIENT, [`${KEY}clientCapabilities`]: {} };

/** The modern handshake: one stateless request. */
export const discover = (): Message => modern('server/discover', {});

/** The handshake up to 2025-11-25; it may open a session, which is then to be ended. */
export const initialize = (): Message => ({
  headers: {},
  body: rpc('initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT }),
});

export const initialized = (session: Session): Message => ({
  headers: session,
  body: { jsonrpc: '2.0', method: 'notifications/initialized' },
});

export const listTools = (session: Session | undefined, cursor: string | undefined): Message => {
  const params = cursor === undefined ? {} : { cursor };
  return session === undefined ? modern('tools/list', params) : { headers: session, body: rpc('tools/list', params) };
};

/** What every request of a session carries. */
export type Session = Readonly<Record<string, string>>;

export const sessionOf = (id: string | undefined, protocolVersion: string): Session => ({
  'mcp-protocol-version': protocolVersion,
  ...(id === undefined ? {} : { 'mcp-session-id': id }),
});

const ID = 1;

const rpc = (method: string, params: Json): Json => ({ jsonrpc: '2.0', id: ID, method, params });

const modern = (method: string, params: Json): Message => ({
  headers: { 'mcp-protocol-version': MODERN, 'mcp-method': method },
  body: rpc(method, { ...params, _meta: META }),
});

/** The result in an answer, or undefined where it is an error or no JSON-RPC at all. */
export const resultOf = (answer: unknown): Json | undefined =>
  isObject(answer) && answer['jsonrpc'] === '2.0' && isObject(answer['result']) ? answer['result'] : undefined;

export interface Greeting {
  readonly serverInfo: ServerInfo;
  readonly hasTools: boolean;
}

export function greetingOfDiscover(result: Json): Greeting | undefined {
  const versions = result['supportedVersions'];
  if (!Array.isArray(versions) || !isObject(result['capabilities'])) return undefined;
  const meta = result['_meta'];
  const named = isObject(meta) ? meta[`${KEY}serverInfo`] : undefined;
  const newest = versions
    .filter((each) => typeof each === 'string')
    .toSorted()
    .at(-1);
  return greeting(named ?? result['serverInfo'], newest, result['capabilities']);
}

export const greetingOfInitialize = (result: Json): Greeting | undefined =>
  isObject(result['serverInfo']) && typeof result['protocolVersion'] === 'string'
    ? greeting(result['serverInfo'], result['protocolVersion'], result['capabilities'])
    : undefined;

function greeting(named: unknown, protocolVersion: string | undefined, capabilities: unknown): Greeting {
  const { name, version } = isObject(named) ? named : {};
  const known = {
    name: printable(name, 253),
    version: printable(version, 253),
    protocolVersion: printable(protocolVersion, 64),
  };
  return {
    serverInfo: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    hasTools: isObject(capabilities) && capabilities['tools'] !== undefined,
  };
}

/** Words of a stranger: shown, never trusted. */
const printable = (text: unknown, most: number): string | undefined =>
  typeof text === 'string' ? text.replaceAll(/\p{C}/gu, '').slice(0, most) || undefined : undefined;

export const toolsIn = (result: Json): { readonly count: number; readonly next: string | undefined } => ({
  count: Array.isArray(result['tools']) ? result['tools'].length : 0,
  next: typeof result['nextCursor'] === 'string' ? result['nextCursor'] : undefined,
});

/** Whether it answers what we asked; everything else on a stream is not for us. */
export const isOurs = (message: unknown): boolean => isObject(message) && message['id'] === ID;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
