import type { ServerResponse } from 'node:http';

/** An error outside of any JSON-RPC request. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  {
    code = -32_000,
    headers = {},
  }: { readonly code?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): void {
  reply(response, status, { jsonrpc: '2.0', id: null, error: { code, message } }, headers);
}

export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}
