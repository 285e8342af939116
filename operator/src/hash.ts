import { createHash } from 'node:crypto';

/** The first characters of the SHA-256 of a text, in hex. */
export const shortHash = (text: string, length = 10): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
