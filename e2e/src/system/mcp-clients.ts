import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export interface ToolResult {
  readonly structured: Record<string, unknown>;
  /** The first text block, which is all that some callers read. */
  readonly text: string;
  readonly isError: boolean;
}

/** What the tests ask of a client, whatever its protocol. */
export interface McpClient {
  /** Tools as listed; from then on the client checks results by their schemas, if it does. */
  tools(): Promise<{ name: string }[]>;
  call(name: string, args?: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

/** Every client that is out there, by its name and the era it speaks. */
export const HTTP_CLIENTS: Readonly<Record<string, (url: string) => Promise<McpClient>>> = {
  'client 2.4.0, 2025-11-25': (url) => connected(http(url), 'legacy'),
  'client 2.4.0, negotiating': (url) => connected(http(url), 'auto'),
  'client 2.4.0, 2026-07-28': (url) => connected(http(url), { pin: '2026-07-28' }),
  'sdk 1.32.2, 2025-11-25': (url) => firstConnected(new FirstHttp(new URL(url))),
  'a bare POST': (url) => Promise.resolve(bare(url)),
};

/** The same over the standard input and output of a process of their own. */
export const STDIO_CLIENTS: Readonly<Record<string, (server: StdioServerParameters) => Promise<McpClient>>> = {
  'client 2.4.0, 2025-11-25': (server) => connected(new StdioClientTransport(server), 'legacy'),
  'client 2.4.0, negotiating': (server) => connected(new StdioClientTransport(server), 'auto'),
  'client 2.4.0, 2026-07-28': (server) => connected(new StdioClientTransport(server), { pin: '2026-07-28' }),
  'sdk 1.32.2, 2025-11-25': (server) => firstConnected(new FirstStdio(server)),
};

const http = (url: string): Transport => new StreamableHTTPClientTransport(new URL(url));

const toolResult = ({ content, structuredContent, isError }: Readonly<Record<string, unknown>>): ToolResult => ({
  structured: structuredContent as Record<string, unknown>,
  text: (content as { text: string }[])[0]?.text ?? '',
  isError: isError === true,
});

const NAME = { name: 'cortex-e2e', version: '0.1.0' };

async function connected(transport: Transport, mode: 'legacy' | 'auto' | { pin: string }): Promise<McpClient> {
  const client = new Client(NAME, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}) => toolResult(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** A 2026 client that hears of changes of these resources. */
export async function listening(
  url: string,
  uris: readonly string[],
  heard: (uri: string) => void,
): Promise<{ close(): Promise<void> }> {
  const client = new Client(NAME, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => heard(params.uri));
  await client.connect(http(url));
  await client.listen({ resourceSubscriptions: [...uris] });
  return { close: () => client.close() };
}

async function firstConnected(transport: Parameters<FirstClient['connect']>[0]): Promise<McpClient> {
  const client = new FirstClient(NAME);
  await client.connect(transport);
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}) => toolResult(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** JSON-RPC without any header of the protocol, as callers send it that know only `tools/call`. */
function bare(url: string): McpClient {
  const closed = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const post = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(url, { method: 'POST', headers, body, signal: closed.signal });
    const { result, error } = (await answer.json()) as { result?: Record<string, unknown>; error?: unknown };
    if (result === undefined) throw new Error(JSON.stringify(error));
    return result;
  };
  return {
    tools: async () => (await post('tools/list', {}))['tools'] as { name: string }[],
    call: async (name, args = {}) => toolResult(await post('tools/call', { name, arguments: args })),
    close: async () => closed.abort(),
  };
}
