import type { CallToolResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { text } from './content.ts';
import type { Fixture } from './fixture.ts';
import { answersOf, ask, form, NAME, sampling } from './questions.ts';

const once = (
  context: ServerContext,
  question: object,
  said = 'Elicitation completed: ',
): CallToolResult | InputRequiredResult => {
  const answer = answersOf(context)['asked'];
  const { action, content } = answer ?? {};
  return answer === undefined
    ? ask({ asked: question })
    : { content: [text(`${said}action=${action ?? ''}, content=${JSON.stringify(content)}`)] };
};

const CONTACT = {
  username: { type: 'string', description: "User's response" },
  email: { type: 'string', description: "User's email address" },
};
const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};
const PLAIN = ['option1', 'option2', 'option3'];
const TITLED = ['First', 'Second', 'Third'].map((title, i) => ({ const: `value${i + 1}`, title }));
const CHOICES = {
  untitledSingle: { type: 'string', enum: PLAIN },
  titledSingle: { type: 'string', oneOf: TITLED },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: PLAIN } },
  titledMulti: { type: 'array', items: { anyOf: TITLED } },
};

/** Tools that show a form, or ask the model of the client, once. */
export const FORMS: Readonly<Record<string, Fixture>> = {
  test_elicitation: {
    args: ['message'],
    run: ({ message }, context) => once(context, form(String(message), CONTACT), 'User response: '),
  },
  test_elicitation_sep1034_defaults: { run: (_args, context) => once(context, form('Defaults', DEFAULTS, [])) },
  test_elicitation_sep1330_enums: { run: (_args, context) => once(context, form('Choices', CHOICES, [])) },
  test_sampling: {
    args: ['prompt'],
    run: ({ prompt }, context) => once(context, sampling(String(prompt)), 'LLM response: '),
  },
  test_missing_capability: { run: (_args, context) => once(context, sampling('Hello')) },
  test_streaming_elicitation: { run: (_args, context) => once(context, form('What is your name?', NAME)) },
};
