import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeIncomingMessageLike, NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import { type AuthInfo, isJsonContentType } from '@modelcontextprotocol/server';
import type { Peer } from '../peer.ts';
import type { Toolbox } from '../toolbox.ts';
import { answerCall } from './answer-call.ts';
import { bodyOf, TOO_LARGE } from './body.ts';
import { DEEPEST, isDeep } from './depth.ts';
import type { Gate } from './gate.ts';
import { leftBy } from './left.ts';
import { answerPlain, isPlain } from './plain.ts';
import { refuse, reply } from './replies.ts';
import { toolCallIn } from './tool-call.ts';

export const LARGEST = 256 * 1024;
export const PATH = '/mcp';

/** Who answers what. */
export interface Answerers {
  readonly toolbox: Toolbox;
  /** Who calls, of a request that may have brought a token. */
  readonly peerOf: (authInfo: AuthInfo | undefined) => Peer;
  /** Asks for tokens; undefined: whoever reaches this address is let in. */
  readonly gate?: Gate | undefined;
  /** The protocol's own transports. */
  readonly sdk: NodeMcpRequestHandler;
}

/** Answers one request: refusals first, then whoever it is for. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { toolbox, peerOf, gate, sdk }: Answerers,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (gate?.tells(pathname, response)) return;
  if (pathname !== PATH) return refuse(response, 404, `Not found: MCP is served at ${PATH}`);
  if (request.method !== 'POST')
    return refuse(response, 405, 'Method not allowed: there are no sessions and no standing streams, only POST', {
      headers: { allow: 'POST' },
    });
  if (!isJsonContentType(request.headers['content-type']))
    return refuse(response, 415, 'Unsupported media type: send Content-Type: application/json');
  const authInfo = await gate?.enter(request, response);
  if (gate !== undefined && authInfo === undefined) return;
  const body = await bodyOf(request, LARGEST);
  if (body === TOO_LARGE)
    return refuse(response, 413, `Body too large: at most ${LARGEST} bytes`, { headers: { connection: 'close' } });
  const parsed = parse(body);
  if (parsed === undefined) return refuse(response, 400, 'Parse error: the body is not JSON', { code: -32_700 });
  if (isDeep(parsed.value)) return refuse(response, 400, `Too deep: at most ${DEEPEST} levels`, { code: -32_600 });
  const { accept, 'mcp-protocol-version': version } = request.headers;
  if (isPlain(accept, typeof version === 'string' ? version : undefined, parsed.value))
    return await plain(parsed.value, request, response, toolbox, peerOf(authInfo));
  const call = toolCallIn(parsed.value, request.headers);
  if (call !== undefined && toolbox.has(call.name)) return await answerCall(call, response, toolbox, peerOf(authInfo));
  await sdk(Object.assign(request as NodeIncomingMessageLike, authInfo && { auth: authInfo }), response, parsed.value);
}

async function plain(
  body: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  toolbox: Toolbox,
  { principal, granted }: Peer,
): Promise<void> {
  const caller = { principal, client: request.headers['user-agent'] ?? 'unknown' };
  const { traceparent } = request.headers;
  const incoming = { caller, granted, traceparent, signal: leftBy(response), progress: undefined };
  const answered = await answerPlain(body, toolbox, incoming);
  if (answered === undefined) response.writeHead(202).end();
  else reply(response, 200, answered);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
