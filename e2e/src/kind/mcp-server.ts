import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

/** A server without sessions: every request has a server of its own. */
createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/mcp') return void response.writeHead(404).end();
  const server = new McpServer({ name: 'greeter', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets' }, () => ({ content: [{ type: 'text', text: 'hello' }] }));
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once('close', () => void server.close());
  void server.connect(transport).then(() => transport.handleRequest(request, response));
}).listen(8080);
