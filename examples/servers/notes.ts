import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { serve } from './serve.ts';

/** Kept in memory: they are gone when the server is stopped. */
const notes = new Map<string, string>();
const MOST = 1_000;

const name = z.string().min(1).max(100).describe('The name of the note.');

serve(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool(
    'write_note',
    {
      description: 'Keeps a note under a name, in place of the one that was there.',
      inputSchema: z.strictObject({ name, text: z.string().max(10_000).describe('What to remember.') }),
      annotations: { idempotentHint: true },
    },
    ({ name: key, text }) => {
      if (notes.size >= MOST && !notes.has(key))
        return {
          isError: true,
          content: [{ type: 'text', text: `There are ${MOST} notes already: write over one of them.` }],
        };
      notes.set(key, text);
      return { content: [{ type: 'text', text: `Noted as ${key}.` }] };
    },
  );
  server.registerTool(
    'read_note',
    {
      description: 'Tells the note of that name.',
      inputSchema: z.strictObject({ name }),
      annotations: { readOnlyHint: true },
    },
    ({ name: key }) => {
      const text = notes.get(key);
      return text === undefined
        ? {
            isError: true,
            content: [
              { type: 'text', text: `There is no note ${key}; there are: ${[...notes.keys()].join(', ') || 'none'}.` },
            ],
          }
        : { content: [{ type: 'text', text }] };
    },
  );
  return server;
});
