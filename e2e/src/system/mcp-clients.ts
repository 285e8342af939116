import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
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

type Connect = (url: string) => Promise<McpClient>;

/** Every client that is out there, by its name and the era it speaks. */
export const HTTP_CLIENTS: Readonly<Record<string, Connect>> = {
  'client 2.4.0, 2025-11-25': (url) => connected(url, 'legacy'),
  'client 2.4.0, negotiating': (url) => connected(url, 'auto'),
  'client 2.4.0, 2026-07-28': (url) => connected(url, { pin: '2026-07-28' }),
  'sdk 1.32.2, 2025-11-25': firstConnected,
  'a bare POST': (url) => Promise.resolve(bare(url)),
};

const toolResult = ({ content, structuredContent, isError }: Readonly<Record<string, unknown>>): ToolResult => ({
  structured: structuredContent as Record<string, unknown>,
  text: (content as { text: string }[])[0]?.text ?? '',
  isError: isError === true,
});

const NAME = { name: 'cortex-e2e', version: '0.1.0' };

async function connected(url: string, mode: 'legacy' | 'auto' | { pin: string }): Promise<McpClient> {
  const client = new Client(NAME, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}) => toolResult(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

async function firstConnected(url: string): Promise<McpClient> {
  const client = new FirstClient(NAME);
  await client.connect(new FirstHttp(new URL(url)));
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}) => toolResult(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** JSON-RPC without any header of the protocol, as callers send it that know only `tools/call`. */
function bare(url: string): McpClient {
  const post = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = (await answer.json()) as { result?: Record<string, unknown>; error?: unknown };
    if (result === undefined) throw new Error(JSON.stringify(error));
    return result;
  };
  return {
    tools: async () => (await post('tools/list', {}))['tools'] as { name: string }[],
    call: async (name, args = {}) => toolResult(await post('tools/call', { name, arguments: args })),
    close: () => Promise.resolve(),
  };
}
