import { text } from './content.ts';
import type { Fixture } from './fixture.ts';
import { answersOf, ask, form, NAME, ROOTS, sampling, stateIn, written } from './questions.ts';

const OK = { ok: { type: 'boolean' } };

/** Tools that ask for something first, in rounds. */
export const ASKING: Readonly<Record<string, Fixture>> = {
  test_input_required_result_elicitation: {
    run: (_args, context) => {
      const name = written(answersOf(context)['user_name'], 'name');
      return name === undefined
        ? ask({ user_name: form('What is your name?', NAME) })
        : { content: [text(`Hello, ${name}!`)] };
    },
  },
  test_input_required_result_sampling: {
    run: (_args, context) => {
      const answer = answersOf(context)['capital_question'];
      return answer === undefined
        ? ask({ capital_question: sampling('What is the capital of France?') })
        : { content: [text(JSON.stringify(answer.content))] };
    },
  },
  test_input_required_result_list_roots: {
    run: (_args, context) => {
      const answer = answersOf(context)['client_roots'];
      return answer === undefined ? ask({ client_roots: ROOTS }) : { content: [text(JSON.stringify(answer.roots))] };
    },
  },
  test_input_required_result_request_state: {
    run: (_args, context) =>
      answersOf(context)['confirm'] === undefined
        ? ask({ confirm: form('Please confirm', OK) }, 'asked')
        : { content: [text(stateIn(context) === 'asked' ? 'state-ok' : 'no state')] },
  },
  test_input_required_result_multiple_inputs: {
    run: (_args, context) => {
      const answers = answersOf(context);
      const questions = {
        user_name: form('What is your name?', NAME),
        greeting: sampling('Generate a greeting', 50),
        client_roots: ROOTS,
      };
      const isOpen = Object.keys(questions).some((question) => answers[question] === undefined);
      return isOpen ? ask(questions, 'many') : { content: [text(JSON.stringify(answers))] };
    },
  },
  test_input_required_result_multi_round: {
    run: (_args, context) => {
      const [state, answers] = [stateIn(context), answersOf(context)];
      if (state === 'first' && answers['step1'] !== undefined)
        return ask({ step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) }, 'second');
      if (state === 'second' && answers['step2'] !== undefined) return { content: [text('both rounds are done')] };
      return ask({ step1: form('Step 1: What is your name?', NAME) }, 'first');
    },
  },
  test_input_required_result_tampered_state: {
    run: (_args, context) =>
      stateIn(context) === undefined
        ? ask({ confirm: form('Please confirm', OK) }, 'safe')
        : { content: [text('it came back as it went')] },
  },
  test_input_required_result_capabilities: {
    run: (_args, context, server) => {
      const { elicitation, sampling: samples } = server.getClientCapabilities() ?? {};
      const questions = {
        ...(elicitation === undefined ? {} : { name: form('What is your name?', NAME) }),
        ...(samples === undefined ? {} : { greeting: sampling('Generate a greeting') }),
      };
      const isAnswered = Object.keys(answersOf(context)).length > 0;
      return isAnswered || Object.keys(questions).length === 0 ? { content: [text('done')] } : ask(questions);
    },
  },
};
