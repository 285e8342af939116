import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { serve } from './serve.ts';

const zone = z.string().default('UTC').describe('A time zone of the IANA database, such as Europe/Berlin.');

serve(() => {
  const server = new McpServer({ name: 'clock', version: '1.0.0' });
  server.registerTool(
    'now',
    {
      description: 'Tells the time in a time zone.',
      inputSchema: z.strictObject({ zone }),
      outputSchema: z.strictObject({ time: z.string() }),
      annotations: { readOnlyHint: true },
    },
    ({ zone: timeZone }) => {
      const time = new Date().toLocaleString('sv-SE', { timeZone, timeZoneName: 'longOffset' });
      return { content: [{ type: 'text', text: time }], structuredContent: { time } };
    },
  );
  server.registerTool(
    'seconds_until',
    {
      description: 'Tells how many seconds it is until a moment; negative when it is over.',
      inputSchema: z.strictObject({ moment: z.iso.datetime().describe('The moment, such as 2030-01-01T00:00:00Z.') }),
      outputSchema: z.strictObject({ seconds: z.int() }),
      annotations: { readOnlyHint: true },
    },
    ({ moment }) => {
      const seconds = Math.round((Date.parse(moment) - Date.now()) / 1000);
      return { content: [{ type: 'text', text: String(seconds) }], structuredContent: { seconds } };
    },
  );
  return server;
});
