import { Pool } from 'undici';

/** How a caller speaks HTTP to the facade. */
export interface Way {
  readonly id: string;
  readonly title: string;
  readonly headers: (tool: string) => Record<string, string>;
  /** Goes with the parameters of every call. */
  readonly meta: Readonly<Record<string, unknown>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOCOL = { ...JSON_TYPE, accept: 'application/json, text/event-stream' };

export const MCP: Way = {
  id: '2025',
  title: 'MCP 2025-11-25',
  headers: () => ({ ...PROTOCOL, 'mcp-protocol-version': '2025-11-25' }),
  meta: {},
};

export const WAYS: readonly Way[] = [
  { id: 'post', title: 'a bare POST', headers: () => JSON_TYPE, meta: {} },
  MCP,
  {
    id: '2026',
    title: 'MCP 2026-07-28',
    headers: (tool) => ({
      ...PROTOCOL,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    }),
    meta: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  },
];

/** Calls over kept connections; the requests are written by hand, so that the client costs next to nothing beside the server. */
export class Caller implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(url: string, connections: number) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { connections, pipelining: 1 });
    this.#path = pathname;
  }

  /** The text of the answer; throws when the call came to anything but a result. */
  async call({ headers, meta }: Way, name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, ...meta },
    });
    const answer = await this.#pool.request({ method: 'POST', path: this.#path, headers: headers(name), body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || !text.includes('"structuredContent"') || text.includes('"isError":true'))
      throw new Error(`${name} was answered ${answer.statusCode} ${text.slice(0, 500)}`);
    return text;
  }

  /** What a client of the 2025 protocol says before its first call. */
  async greet(): Promise<void> {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
    const messages = [
      { id: 0, method: 'initialize', params },
      { method: 'notifications/initialized' },
      { id: 1, method: 'tools/list' },
    ];
    for (const message of messages) {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      const answer = await this.#pool.request({ method: 'POST', path: this.#path, headers: MCP.headers(''), body });
      await answer.body.text();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}
