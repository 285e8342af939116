import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { AskUser } from '../confirm.ts';
import type { Incoming, Toolbox } from '../toolbox.ts';

interface Request {
  readonly id: string | number | null | undefined;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Is this a bare JSON-RPC POST? Existing callers send one without any MCP header and read `result.content[0].text`;
 * the protocol's own transports answer them 406.
 */
export const isPlain = (accept: string | undefined, version: string | undefined, body: unknown): boolean =>
  version === undefined && !(accept ?? '').includes('text/event-stream') && !isModern(body);

const isModern = (body: unknown): boolean =>
  isRecord(body) && isRecord(body['params']) && isRecord(body['params']['_meta'])
    ? PROTOCOL_VERSION_META_KEY in body['params']['_meta']
    : false;

/** Answers `tools/list`, `tools/call` and `ping`; undefined for a notification, which gets no answer. Errors are answers too. */
export async function answerPlain(body: unknown, toolbox: Toolbox, incoming: Incoming): Promise<unknown> {
  const request = requestIn(body);
  if (request === undefined)
    return failed(null, -32_600, 'Invalid Request: send one JSON-RPC 2.0 object with a method');
  const { id, method, params } = request;
  if (id === undefined) return undefined;
  switch (method) {
    case 'ping':
      return answered(id, {});
    case 'tools/list':
      return answered(id, { tools: toolbox.published(incoming.granted) });
    case 'tools/call':
      return await call(id, params, toolbox, incoming);
    default:
      return failed(id, -32_601, 'Method not found: without MCP headers there are tools/list, tools/call and ping');
  }
}

async function call(
  id: Request['id'],
  params: Request['params'],
  toolbox: Toolbox,
  incoming: Incoming,
): Promise<unknown> {
  const { name, arguments: args = {} } = params;
  if (typeof name !== 'string' || !isRecord(args))
    return failed(id, -32_602, 'Invalid params: tools/call takes name, a string, and arguments, an object');
  const result = await toolbox.call(name, args, incoming);
  if (result instanceof AskUser) return failed(id, -32_603, 'Internal error: there is nobody to ask here');
  return result === undefined ? failed(id, -32_602, `Unknown tool: ${name.slice(0, 64)}`) : answered(id, result);
}

function requestIn(body: unknown): Request | undefined {
  if (!isRecord(body) || body['jsonrpc'] !== '2.0' || typeof body['method'] !== 'string') return undefined;
  const { id, method, params = {} } = body as { id?: unknown; method: string; params?: unknown };
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') return undefined;
  return isRecord(params) ? { id, method, params } : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const answered = (id: Request['id'], result: unknown) => ({ jsonrpc: '2.0', id, result });
const failed = (id: Request['id'], code: number, message: string) => ({ jsonrpc: '2.0', id, error: { code, message } });
