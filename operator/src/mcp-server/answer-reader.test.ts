import { expect, test } from 'vitest';
import { AnswerReader } from './answer-reader.ts';

const OURS = { jsonrpc: '2.0', id: 1, result: { ok: true } };
const NOTICE = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\n\n';
const STREAM = `: hi\n\n${NOTICE}data: ${JSON.stringify(OURS)}\n\n`;

/** What is read from these pieces, and after which of them; the end comes after all. */
function read(contentType: string, pieces: readonly string[]): { message: unknown; after: number } {
  const reader = new AnswerReader(contentType);
  for (const [i, piece] of pieces.entries()) {
    const message = reader.read(piece);
    if (message !== undefined) return { message, after: i + 1 };
  }
  return { message: reader.end(), after: Infinity };
}

test('an answer is read from JSON when it is whole', () => {
  const text = JSON.stringify(OURS);

  expect(read('application/json; charset=utf-8', [text.slice(0, 9), text.slice(9)])).toEqual({
    message: OURS,
    after: Infinity,
  });
  expect(read('application/json', [text.slice(0, 9)]).message).toBeUndefined();
});

test('an answer is read from a stream as soon as our message is whole', () => {
  expect(read('text/event-stream', [`${STREAM}${NOTICE}`, NOTICE])).toEqual({ message: OURS, after: 1 });
  expect(read('text/event-stream', [STREAM.trimEnd(), '\n', '\n', NOTICE])).toEqual({ message: OURS, after: 3 });
  expect(read('text/event-stream', [STREAM.trimEnd()])).toEqual({ message: OURS, after: Infinity });
  expect(read('text/event-stream', [NOTICE]).message).toBeUndefined();
});

test.for([STREAM, STREAM.replaceAll('\n', '\r\n')])(
  'wherever it is cut in two, the message is the same (%#)',
  (text) => {
    for (let at = 0; at <= text.length; at++)
      expect(read('text/event-stream', [text.slice(0, at), text.slice(at)]).message).toEqual(OURS);
  },
);

test('a long answer in small pieces is read once, not once for each of them', () => {
  const events = Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 'data: [1]' : '\n\n'));
  const long = Array.from({ length: 200_000 }, () => 'data: 1\n');

  expect(read('text/event-stream', [...events, ...long, '\n', STREAM]).message).toEqual(OURS);
});
