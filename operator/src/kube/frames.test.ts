import { expect, test } from 'vitest';
import { framesOf } from './frames.ts';

async function* chunks(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

const collect = async (...parts: string[]): Promise<unknown[]> =>
  (await Array.fromAsync(framesOf(chunks(...parts)))).flat();

test('frames are whole however the stream is cut into chunks', async () => {
  const lines = '{"type":"ADDED","object":{"a":"é"}}\n{"type":"BOOKMARK","object":{}}\n';
  const whole = [
    { type: 'ADDED', object: { a: 'é' } },
    { type: 'BOOKMARK', object: {} },
  ];
  for (let at = 0; at <= lines.length; at++) expect(await collect(lines.slice(0, at), lines.slice(at))).toEqual(whole);
});

test('a last line without its end is dropped', async () => {
  expect(await collect('{"type":"ADDED","object":{}}\n{"type":"MODIF')).toEqual([{ type: 'ADDED', object: {} }]);
});

test('a whole line that is not JSON is an error', async () => {
  await expect(collect('{"type":\n')).rejects.toThrow(SyntaxError);
});
