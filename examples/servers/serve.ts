import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Serves MCP at /mcp to clients of both eras until it is told to stop. HOST and PORT say where; what it says first is the
 * address. Nothing is kept between requests: any replica can answer any client.
 */
export function serve(makeServer: () => McpServer): void {
  const handle = toNodeHandler(createMcpHandler(makeServer));
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    if (url === '/healthz') return void response.end('ok\n');
    if (url !== '/mcp') return void response.writeHead(404).end();
    // Browsers send it, MCP clients do not: a page must not speak to a server behind the firewall of its reader.
    if (headers.origin !== undefined) return void response.writeHead(403).end();
    void handle(Object.assign(request, { method, url }), response);
  });
  server.listen(Number(process.env['PORT'] ?? 8000), process.env['HOST'] ?? '0.0.0.0', () => {
    const { address, port } = server.address() as AddressInfo;
    console.log(`serving http://${address}:${port}/mcp`);
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}
