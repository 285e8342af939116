import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Answer } from './answer.ts';

/** What a client is answered by this. */
async function answered(by: (response: ServerResponse) => void) {
  const server = createServer((_, response) => by(response)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const { promise, resolve } = Promise.withResolvers<void>();
  server.once('listening', resolve);
  await promise;
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { type: answer.headers.get('content-type'), text: await answer.text() };
}

test('what is answered at once is a JSON body', async () => {
  expect(await answered((response) => new Answer(response).end({ id: 1 }))).toEqual({
    type: 'application/json',
    text: '{"id":1}',
  });
});

test('from the first word of progress on it is a stream of events, and the answer is its last', async () => {
  const { type, text } = await answered((response) => {
    const answer = new Answer(response);
    answer.tell({ progress: 1 });
    answer.end({ id: 1 });
  });

  expect(type).toBe('text/event-stream');
  expect(text).toBe('event: message\ndata: {"progress":1}\n\nevent: message\ndata: {"id":1}\n\n');
});

test('an answer that takes its time keeps its connection open', async () => {
  const { text } = await answered((response) => {
    const answer = new Answer(response, 5);
    const write = response.write.bind(response);
    let frames = 0;
    Object.assign(response, {
      write: (frame: string) => {
        if (++frames === 2) queueMicrotask(() => answer.end({ id: 1 }));
        return write(frame);
      },
    });
  });

  expect(text).toBe(': keepalive\n\n: keepalive\n\nevent: message\ndata: {"id":1}\n\n');
});
