import type { IncomingMessage } from 'node:http';

export const TOO_LARGE = Symbol('too large');

/** The body as text, or that it is larger than `most` bytes; what is too much is not kept. */
export async function bodyOf(request: IncomingMessage, most: number): Promise<string | typeof TOO_LARGE> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= most) chunks.push(chunk);
  }
  return length > most ? TOO_LARGE : Buffer.concat(chunks).toString('utf8');
}
