import { expect, test } from 'vitest';
import { answerText } from './answer-text.ts';

async function* answer(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function* endless(): AsyncGenerator<Buffer> {
  while (true) yield Buffer.alloc(10);
}

test('an answer in pieces is one text, even where a letter is cut in two', async () => {
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  async function* cut(): AsyncGenerator<Buffer> {
    yield first;
    yield second;
  }

  expect(await answerText(answer('{"a"', ':1}'), 100)).toBe('{"a":1}');
  expect(await answerText(cut(), 2)).toBe('é');
});

test('an answer without end is not read to its end', async () => {
  await expect(answerText(endless(), 25)).rejects.toThrow('an answer of more than 25 bytes');
});
