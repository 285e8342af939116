import type { IncomingHttpHeaders } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
  TRACEPARENT_META_KEY,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

export type Era = 'legacy' | 'modern';

/** One call of a tool, as a client of either era puts it. */
export interface ToolCall {
  readonly era: Era;
  readonly id: string | number;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>> | undefined;
  /** What the client says it is. */
  readonly client: string;
  /** Given where the client wants to be told of progress. */
  readonly progressToken: string | number | undefined;
  /** Where in a trace its caller is, as it says. */
  readonly traceparent: unknown;
}

export const MODERN = '2026-07-28';

const Id = z.union([z.string(), z.int()]);
const LegacyMeta = z.looseObject({ progressToken: Id.optional(), [PROTOCOL_VERSION_META_KEY]: z.never().optional() });
const ModernMeta = z.looseObject({
  progressToken: Id.optional(),
  [PROTOCOL_VERSION_META_KEY]: z.literal(MODERN),
  [CLIENT_INFO_META_KEY]: z.looseObject({ name: z.string(), version: z.string() }),
  // A client that can ask its user may have to: that takes several requests.
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({ elicitation: z.never().optional() }),
});

const callWith = <M extends z.ZodType>(meta: M) =>
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: Id,
    method: z.literal('tools/call'),
    params: z.strictObject({
      name: z.string(),
      arguments: z.record(z.string(), z.unknown()).optional(),
      _meta: meta,
    }),
  });

const LegacyCall = callWith(LegacyMeta.optional());
const ModernCall = callWith(ModernMeta);

/**
 * The call that a request is, where every word of it is in order and one answer ends it. Calls are nearly all that clients send, so they
 * are answered without a server of the SDK for each; undefined: something else, or something wrong, which the SDK has the words for.
 */
export function toolCallIn(body: unknown, headers: IncomingHttpHeaders): ToolCall | undefined {
  const accept = headers.accept ?? '';
  if (!accept.includes('application/json') || !accept.includes('text/event-stream')) return undefined;
  return headers['mcp-protocol-version'] === MODERN ? modernCall(body, headers) : legacyCall(body, headers);
}

function legacyCall(body: unknown, headers: IncomingHttpHeaders): ToolCall | undefined {
  const version = headers['mcp-protocol-version'];
  if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(String(version))) return undefined;
  const { data } = LegacyCall.safeParse(body);
  if (data === undefined) return undefined;
  const { id, params } = data;
  return {
    era: 'legacy',
    id,
    name: params.name,
    args: params.arguments,
    client: headers['user-agent'] ?? 'unknown',
    progressToken: params._meta?.progressToken,
    traceparent: params._meta?.[TRACEPARENT_META_KEY] ?? headers['traceparent'],
  };
}

/** The headers of the modern era repeat what the body says, so that proxies need not read it. */
function modernCall(body: unknown, headers: IncomingHttpHeaders): ToolCall | undefined {
  const { data } = ModernCall.safeParse(body);
  if (data === undefined) return undefined;
  const { id, method, params } = data;
  if (headers['mcp-method'] !== method || headers['mcp-name'] !== params.name) return undefined;
  const { name, version } = params._meta[CLIENT_INFO_META_KEY];
  return {
    era: 'modern',
    id,
    name: params.name,
    args: params.arguments,
    client: `${name}/${version}`,
    progressToken: params._meta.progressToken,
    traceparent: params._meta[TRACEPARENT_META_KEY] ?? headers['traceparent'],
  };
}
