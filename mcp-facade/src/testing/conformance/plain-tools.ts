import { setTimeout as pause } from 'node:timers/promises';
import { audio, embedded, image, text } from './content.ts';
import type { Fixture } from './fixture.ts';

/** Delays that the scenarios ask for, so that what is told meanwhile is told apart. */
const STEP_MS = 50;

/** Tools that answer at once, or tell how far they are. */
export const PLAIN: Readonly<Record<string, Fixture>> = {
  test_simple_text: { run: () => ({ content: [text('This is a simple text response for testing.')] }) },
  test_image_content: { run: () => ({ content: [image] }) },
  test_audio_content: { run: () => ({ content: [audio] }) },
  test_embedded_resource: {
    run: () => ({
      content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    }),
  },
  test_multiple_content_types: {
    run: () => ({
      content: [
        text('Multiple content types test:'),
        image,
        embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    }),
  },
  test_error_handling: {
    run: () => ({ isError: true, content: [text('This tool intentionally returns an error for testing')] }),
  },
  test_tool_with_logging: {
    run: async (_args, { mcpReq }) => {
      for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await mcpReq.log('info', line);
        await pause(STEP_MS);
      }
      return { content: [text('done')] };
    },
  },
  test_logging_tool: {
    run: async (_args, { mcpReq }) => {
      await mcpReq.log('info', 'told');
      return { content: [text('done')] };
    },
  },
  test_tool_with_progress: {
    run: async (_args, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined)
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        await pause(STEP_MS);
      }
      return { content: [text('done')] };
    },
  },
};
