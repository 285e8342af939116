import { expect, test } from 'vitest';
import * as z from 'zod';
import { served } from '../testing/served.ts';
import { tool } from '../tool.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM = { ...JSON_TYPE, accept: 'application/json, text/event-stream' };
const HEADERS = {
  'a bare POST': JSON_TYPE,
  'a call of the legacy era': { ...STREAM, 'mcp-protocol-version': '2025-11-25' },
};
const BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } });

/** A tool that waits until it is let go, or its caller has gone. */
function waiting() {
  const [called, over] = [Promise.withResolvers<AbortSignal>(), Promise.withResolvers<'let go' | 'left'>()];
  const wait = tool({
    name: 'wait',
    title: 'Wait',
    description: 'Waits.',
    access: 'read',
    input: z.strictObject({}),
    output: z.object({ ended: z.string() }),
    run: async (_args, { signal }) => {
      called.resolve(signal);
      signal.addEventListener('abort', () => over.resolve('left'));
      return { ended: await over.promise };
    },
  });
  return { wait, called: called.promise, over };
}

test.for(Object.entries(HEADERS))('%s that goes before it is answered ends its wait', async ([, headers]) => {
  const { wait, called, over } = waiting();
  const { url } = await served({ tools: [wait] });
  const client = new AbortController();

  const answer = fetch(url, { method: 'POST', headers, body: BODY, signal: client.signal });
  await called;
  client.abort();
  await expect(answer).rejects.toThrow('aborted');
  expect(await over.promise).toBe('left');
});

test.for(Object.entries(HEADERS))('%s that was answered has not left', async ([, headers]) => {
  const { wait, called, over } = waiting();
  const { url } = await served({ tools: [wait] });

  const answer = fetch(url, { method: 'POST', headers: { ...headers, connection: 'close' }, body: BODY });
  const signal = await called;
  over.resolve('let go');
  expect(await (await answer).json()).toMatchObject({ result: { structuredContent: { ended: 'let go' } } });
  expect(signal.aborted).toBe(false);
});
