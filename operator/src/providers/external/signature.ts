import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature covers: nothing of a request can be changed, nor the request be sent again much later. */
export interface Signed {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly body: string;
}

/** How far the two clocks may be apart. */
const SKEW_S = 300;

const digest = (key: string, { method, path, at, body }: Signed): string =>
  createHmac('sha256', key)
    .update([method, path, at, createHash('sha256').update(body).digest('hex')].join('\n'))
    .digest('hex');

/** The value of the header Cortex-Signature. */
export const signatureOf = (key: string, signed: Signed): string => `t=${signed.at},v1=${digest(key, signed)}`;

/** Whether the header was made with this key for this request, not long ago: what a service asks first. */
export function isSigned(key: string, header: string, request: Omit<Signed, 'at'>, now: Date): boolean {
  const { at = '', value = '' } = /^t=(?<at>\d{1,12}),v1=(?<value>[0-9a-f]{64})$/.exec(header)?.groups ?? {};
  if (at === '' || Math.abs(now.getTime() / 1000 - Number(at)) > SKEW_S) return false;
  return timingSafeEqual(Buffer.from(value), Buffer.from(digest(key, { ...request, at: Number(at) })));
}
