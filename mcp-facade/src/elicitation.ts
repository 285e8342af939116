import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { AskUser } from './confirm.ts';

const QUESTION = 'confirm';
const Form = z.object({ confirm: z.boolean().describe('Go on') });

/** The one schema that clients are given to answer by is Form, and what they answer is held against it here, not in the SDK. */
export const CHECKED_BY_FORM: ServerOptions['jsonSchemaValidator'] & object = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/** Does the client have a form to show its user? A client that declares nothing about modes has. */
export function canAsk(server: Server): boolean {
  const elicitation = server.getClientCapabilities()?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** Has the client ask its user, and send the call again with the answer. */
export const question = (asked: AskUser): CallToolResult | InputRequiredResult =>
  inputRequired({
    inputRequests: { [QUESTION]: inputRequired.elicit({ message: asked.message, requestedSchema: Form }) },
    requestState: asked.state,
  });

/** What the user said, with the state that came back: both are the client's word. */
export function answerIn({ mcpReq }: ServerContext): { state: unknown; accepted: boolean } | undefined {
  const answer = inputResponse(mcpReq.inputResponses, QUESTION);
  if (answer.kind !== 'elicit') return undefined;
  const agreed = Form.safeParse(answer.content).data?.confirm === true;
  return { state: mcpReq.requestState(), accepted: answer.action === 'accept' && agreed };
}
