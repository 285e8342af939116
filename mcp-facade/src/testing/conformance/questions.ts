import { createHmac, randomBytes } from 'node:crypto';
import {
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { text } from './content.ts';

interface Answer {
  readonly action?: string;
  readonly content?: Readonly<Record<string, unknown>>;
  readonly roots?: readonly unknown[];
}

/** What the client answered so far, by question. */
export const answersOf = ({ mcpReq }: ServerContext): Readonly<Record<string, Answer | undefined>> =>
  (mcpReq.inputResponses ?? {}) as Record<string, Answer | undefined>;

/** What a user wrote into a field of a form; undefined: nothing that is text. */
export function written(answer: Answer | undefined, field: string): string | undefined {
  const value = answer?.content?.[field];
  return typeof value === 'string' ? value : undefined;
}

export const form = (
  message: string,
  properties: Readonly<Record<string, unknown>>,
  required = Object.keys(properties),
) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
});
export const NAME = { name: { type: 'string' } };

export const sampling = (prompt: string, maxTokens = 100) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: text(prompt) }], maxTokens },
});

export const ROOTS = { method: 'roots/list', params: {} };

/** The result that asks; a state comes back with the answers. */
export const ask = (questions: Readonly<Record<string, object>>, state?: string): InputRequiredResult =>
  inputRequired({
    inputRequests: questions as InputRequests,
    ...(state === undefined ? {} : { requestState: sealed(state) }),
  });

const KEY = randomBytes(32);
const sealed = (state: string): string => `${state}.${createHmac('sha256', KEY).update(state).digest('hex')}`;

/** The state that came back; undefined: none did. Throws for one that was tampered with. */
export function stateIn({ mcpReq }: ServerContext): string | undefined {
  const came = mcpReq.requestState();
  if (typeof came !== 'string') return undefined;
  const [state = ''] = came.split('.');
  if (sealed(state) === came) return state;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This state was tampered with');
}
