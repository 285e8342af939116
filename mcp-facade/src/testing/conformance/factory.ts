import {
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server';
import { ASKING } from './asking-tools.ts';
import { ADDRESSES, contentOf } from './content.ts';
import type { Fixture } from './fixture.ts';
import { FORMS } from './form-tools.ts';
import { PLAIN } from './plain-tools.ts';
import { PROMPTS } from './prompts.ts';

const TOOLS: Readonly<Record<string, Fixture>> = { ...PLAIN, ...FORMS, ...ASKING };

const KEPT = { ttlMs: 1_000, cacheScope: 'public' } as const;
const OPTIONS = {
  capabilities: { tools: {}, prompts: {}, completions: {}, logging: {}, resources: { subscribe: true } },
  cacheHints: {
    'server/discover': KEPT,
    'tools/list': KEPT,
    'prompts/list': KEPT,
    'resources/list': KEPT,
    'resources/templates/list': KEPT,
    'resources/read': KEPT,
  },
};

/** A server with everything that the scenarios ask of one, for the same HTTP stack that the tools are served by. */
export const fixtures: McpServerFactory = ({ era }) => {
  const server = new Server({ name: 'fixtures', version: '1' }, OPTIONS);
  serveTools(server);
  serveResources(server);
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(PROMPTS).map(([name, { args = [] }]) => ({
      name,
      description: name,
      arguments: args.map((arg) => ({ name: arg, description: arg, required: true })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    known(PROMPTS, params.name).run(params.arguments ?? {}, context),
  );
  server.setRequestHandler('completion/complete', () => ({ completion: { values: ['paris', 'park', 'party'] } }));
  if (era === 'legacy') {
    server.setRequestHandler('resources/subscribe', () => ({}));
    server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  return server;
};

function known<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${name}`);
  return found;
}

const TEXT = { type: 'string' };

function serveTools(server: Server): void {
  server.setRequestHandler('tools/list', () => ({
    tools: Object.entries(TOOLS).map(([name, { args = [] }]) => ({
      name,
      description: name,
      inputSchema: {
        type: 'object' as const,
        properties: Object.fromEntries(args.map((arg) => [arg, TEXT])),
        required: [...args],
      },
    })),
  }));
  server.setRequestHandler(
    'tools/call',
    async ({ params }, context) => await known(TOOLS, params.name).run(params.arguments ?? {}, context, server),
  );
}

function serveResources(server: Server): void {
  server.setRequestHandler('resources/list', () => ({
    resources: ADDRESSES.map((uri) => ({ uri, name: uri, description: uri })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', description: 'by id' }],
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const content = contentOf(uri);
    if (content === undefined) throw new ResourceNotFoundError(uri);
    return { contents: [{ uri, text: '', ...content }] };
  });
}
