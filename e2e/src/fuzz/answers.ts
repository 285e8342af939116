import { request } from 'node:http';
import type { Frame } from './frames.ts';

export interface Answer {
  readonly status: number;
  /** Every JSON-RPC message of the body, whether it came as JSON or as events. */
  readonly messages: readonly unknown[];
}

/** Sends a request with exactly these headers; of a stream that is left open only the beginning is read. */
export async function answerTo(url: string, { method, headers, body }: Frame): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(url, { method, headers, agent: false }, (answer) => {
    const isStream = String(answer.headers['content-type']).startsWith('text/event-stream');
    answer.setEncoding('utf8');
    let text = '';
    const end = (): void => {
      resolve({ status: answer.statusCode ?? 0, messages: messagesIn(text, isStream) });
      sent.destroy();
    };
    answer.on('data', (chunk: string) => {
      text += chunk;
      if (isStream && /^data: .*\n\n/ms.test(text)) end();
    });
    answer.on('end', end).on('error', reject);
  });
  sent.on('error', reject);
  sent.end(method === 'GET' || method === 'HEAD' ? undefined : body);
  return await promise;
}

function messagesIn(text: string, isStream: boolean): unknown[] {
  if (text === '') return [];
  const documents = isStream ? [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data) : [text];
  return documents.flatMap((document) => JSON.parse(document) as unknown);
}
