import { Client, type Progress, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { served } from '../testing/served.ts';
import { tool } from '../tool.ts';

const PROTOCOL = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A call of each era, and the same call with something in it that only the SDK answers. */
const ERAS = {
  legacy: {
    headers: () => ({ ...PROTOCOL, 'mcp-protocol-version': '2025-11-25' }),
    plain: {},
    unusual: { unknown: true },
  },
  modern: {
    headers: (name: string) => ({
      ...PROTOCOL,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    }),
    plain: { _meta: envelope({}) },
    unusual: { _meta: envelope({ elicitation: {} }) },
  },
} as const;

function envelope(capabilities: object) {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}

/** The messages of an answer, whatever it comes as; ids of requests are nobody's but their own. */
async function messagesOf(answer: Response): Promise<unknown[]> {
  const text = (await answer.text()).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an id');
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const lines = isStream ? text.split('\n').filter((line) => line.startsWith('data: ')) : [`data: ${text}`];
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
}

test.for([
  ['legacy', 'list_workers', {}],
  ['legacy', 'get_allocation', { allocation_id: 'nobody' }],
  ['legacy', 'request_resources', { workers: 'two' }],
  ['modern', 'list_workers', {}],
  ['modern', 'get_allocation', { allocation_id: 'nobody' }],
  ['modern', 'request_resources', { workers: 'two' }],
] as const)('a %s call of %s with %o is answered as the SDK answers it', async ([era, name, args]) => {
  const { url } = await served();
  const { headers, plain, unusual } = ERAS[era];
  const answered = async (more: object): Promise<unknown[]> => {
    const params = { name, arguments: args, ...more };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
    return await messagesOf(await fetch(url, { method: 'POST', headers: headers(name), body }));
  };

  const [own, sdk] = [await answered(plain), await answered(unusual)];
  expect(own).toHaveLength(1);
  expect(own).toEqual(sdk);
});

const steps = tool({
  name: 'steps',
  title: 'Steps',
  description: 'Takes two steps.',
  access: 'read',
  input: z.strictObject({}),
  output: z.object({ done: z.boolean() }),
  run: async (_args, { progress }) => {
    progress?.('one');
    await Promise.resolve();
    progress?.('two');
    return { done: progress !== undefined };
  },
});

test.for(['legacy', { pin: '2026-07-28' }] as const)(
  'a client that speaks %o is told of progress where it asks for it',
  async (mode) => {
    const { url } = await served({ tools: [steps] });
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));

    const heard: unknown[] = [];
    const onprogress = ({ progress, message }: Progress): void => void heard.push([progress, message]);
    const told = await client.callTool({ name: 'steps' }, { onprogress });
    expect(told.structuredContent).toEqual({ done: true });
    expect(heard).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect((await client.callTool({ name: 'steps' })).structuredContent).toEqual({ done: false });
    await client.close();
  },
);
