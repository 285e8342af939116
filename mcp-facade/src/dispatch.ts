import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Call } from './call.ts';
import { ClusterError, clusterFailure } from './cluster-error.ts';
import { AskUser } from './confirm.ts';
import { asFailure, Failure, failureBody } from './failures.ts';
import type { Limits } from './limits.ts';
import type { Access, Tool } from './tool.ts';

export interface Outcome {
  readonly result: CallToolResult | AskUser;
  /** What went wrong, if something did. */
  readonly failure: Failure | undefined;
}

/** Runs a tool. Whatever happens becomes a result: structured, and once more as its own text for callers that read only text. */
export async function dispatch(tool: Tool, args: unknown, call: Call, limits: Limits): Promise<Outcome> {
  try {
    const prepared = tool.prepare(args);
    requireGrant(prepared.access, tool, call);
    const answer = await limits.within(call.caller.principal, prepared.access, () => prepared.run(call));
    return { result: toResult(answer), failure: undefined };
  } catch (error) {
    if (error instanceof AskUser) return { result: error, failure: undefined };
    const failure = error instanceof ClusterError ? clusterFailure(error) : asFailure(error);
    return { result: { ...toResult(failureBody(failure, call.requestId)), isError: true }, failure };
  }
}

function requireGrant(access: Access, { name }: Tool, { granted }: Call): void {
  if (granted.includes(access)) return;
  throw new Failure('forbidden', `This call of ${name} needs ${access} access`, {
    nextStep: `Use a token, or a facade, that grants ${access}; here there is: ${granted.join(', ')}.`,
  });
}

const toResult = (structuredContent: Record<string, unknown>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
  structuredContent,
});
