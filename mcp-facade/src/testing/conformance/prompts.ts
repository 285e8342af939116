import type { GetPromptResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { embedded, image, text } from './content.ts';
import { answersOf, ask, form, written } from './questions.ts';

interface Prompt {
  readonly args?: readonly string[];
  readonly run: (
    args: Readonly<Record<string, string>>,
    context: ServerContext,
  ) => GetPromptResult | InputRequiredResult;
}

type Content = GetPromptResult['messages'][number]['content'];
const saying = (...contents: readonly Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
});

/** Prompts that scenarios of the conformance tool get by their names. */
export const PROMPTS: Readonly<Record<string, Prompt>> = {
  test_simple_prompt: { run: () => saying(text('This is a simple prompt for testing.')) },
  test_prompt_with_arguments: {
    args: ['arg1', 'arg2'],
    run: ({ arg1 = '', arg2 = '' }) => saying(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    args: ['resourceUri'],
    run: ({ resourceUri = '' }) =>
      saying(
        embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  },
  test_prompt_with_image: { run: () => saying(image, text('Please analyze the image above.')) },
  test_input_required_result_prompt: {
    run: (_args, context) => {
      const said = written(answersOf(context)['user_context'], 'context');
      return said === undefined
        ? ask({ user_context: form('What context should the prompt use?', { context: { type: 'string' } }) })
        : saying(text(said));
    },
  },
};
