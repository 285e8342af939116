import type { Method } from './methods.ts';

/** What a call says beside its path; what is undefined is not said. */
export type Arguments = Readonly<Record<string, string | number | boolean | undefined>>;

interface Body {
  readonly type: string;
  readonly bytes: string | Buffer;
}

/** A call as it goes out; the path is below /api2/json. */
export interface Outgoing {
  readonly verb: Method['verb'];
  readonly path: string;
  readonly body?: Body;
}

export interface Upload {
  readonly filename: string;
  readonly bytes: Buffer;
}

/** Proxmox takes the parameters of GET and DELETE from the query, those of POST and PUT from a form. */
export function requestOf(method: Method, args: Arguments, upload?: Upload): Outgoing {
  const rest = new Map(Object.entries(args).filter(([, value]) => value !== undefined));
  const path = method.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    if (value === undefined || value === '') throw new TypeError(`${method.verb} ${method.path} needs ${name}`);
    rest.delete(name);
    return encodeURIComponent(text(value));
  });
  for (const name of rest.keys())
    if (!method.takes.includes(name)) throw new TypeError(`${method.verb} ${method.path} takes no ${name}`);
  const said = [...rest].map(([name, value]) => [name, text(value)] as const);
  if (upload !== undefined) return { verb: method.verb, path, body: multipart(said, upload) };
  const encoded = said.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  if (encoded === '') return { verb: method.verb, path };
  if (method.verb === 'GET' || method.verb === 'DELETE') return { verb: method.verb, path: `${path}?${encoded}` };
  return { verb: method.verb, path, body: { type: 'application/x-www-form-urlencoded', bytes: encoded } };
}

const text = (value: Arguments[string]): string => (typeof value === 'boolean' ? String(Number(value)) : String(value));

/** The file comes last: Proxmox must know what it is before it reads it. */
function multipart(fields: readonly (readonly [string, string])[], { filename, bytes }: Upload): Body {
  const boundary = `cortex-${crypto.randomUUID()}`;
  const part = (name: string, more: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const before = fields.map(([name, value]) => `${part(name, '')}${value}\r\n`).join('');
  const file = part('filename', `; filename="${filename}"\r\nContent-Type: application/octet-stream`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(before + file), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
