import type { IncomingMessage } from 'node:http';
import { Refusal } from './hypervisor.ts';
import type { Given } from './machine-calls.ts';

/** Which of the known paths this is, and what is in the place of its variables. */
export function routeOf(verb: string, url: string, known: readonly string[]): { template: string; inPath: Given } {
  const path = url.split('?')[0]?.replace('/api2/json', '') ?? '';
  for (const method of known) {
    const [of, template = ''] = method.split(' ');
    if (of !== verb) continue;
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const match = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    if (match === null) continue;
    return {
      template,
      inPath: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')])),
    };
  }
  throw new Refusal(501, `Method '${verb} ${path}' not implemented`);
}

/** GET and DELETE say what they mean in the query, POST and PUT in a form: anything else is not heard. */
export function parametersOf(request: IncomingMessage, bytes: Buffer): Given {
  const query = new URL(request.url ?? '', 'https://host').searchParams;
  if (request.method === 'GET' || request.method === 'DELETE') return Object.fromEntries(query);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) {
    const { fields, filename } = parseUpload(request, bytes);
    return { ...fields, filename };
  }
  return Object.fromEntries(new URLSearchParams(bytes.toString()));
}

/** A form with a file as its last part. */
export function parseUpload(
  request: IncomingMessage,
  bytes: Buffer,
): { fields: Given; filename: string; content: Buffer } {
  const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  if (request.headers['content-length'] !== String(bytes.length)) throw new Refusal(501, 'upload without its length');
  const parts = bytes.toString('latin1').split(`--${boundary}`).slice(1, -1);
  const fields: Record<string, string> = {};
  let file: { filename: string; content: Buffer } | undefined;
  for (const part of parts) {
    const [head = '', ...rest] = part.slice(2, -2).split('\r\n\r\n');
    const text = rest.join('\r\n\r\n');
    const [, name = ''] = / name="([^"]+)"/.exec(head) ?? [];
    const [, filename] = / filename="([^"]+)"/.exec(head) ?? [];
    if (file !== undefined) throw new Refusal(500, 'a part after the file');
    if (filename === undefined) fields[name] = text;
    else file = { filename, content: Buffer.from(text, 'latin1') };
  }
  if (file === undefined) throw new Refusal(400, 'no file');
  return { fields, ...file };
}
