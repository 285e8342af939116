import { Client } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** Calls one tool as an MCP client does, and answers its structured result; throws what an error result says. */
export async function callTool(
  url: string,
  name: string,
  args: Record<string, unknown>,
  { headers = {}, meta = {} }: { readonly headers?: Record<string, string>; readonly meta?: object } = {},
): Promise<Record<string, unknown>> {
  const client = new Client({ name: 'cortex-e2e', version: '0.1.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  try {
    const result = await client.callTool({ name, arguments: args, _meta: { ...meta } });
    if (result.isError === true) throw new Error(`${name}: ${JSON.stringify(result.structuredContent)}`);
    return result.structuredContent as Record<string, unknown>;
  } finally {
    await client.close();
  }
}
