import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Call } from './call.ts';
import { ClusterError, clusterFailure } from './cluster-error.ts';
import { asFailure, type Failure, failureBody } from './failures.ts';
import type { Tool } from './tool.ts';

export interface Outcome {
  readonly result: CallToolResult;
  /** What went wrong, if something did. */
  readonly failure: Failure | undefined;
}

/** Runs a tool. Whatever happens becomes a result: structured, and once more as its own text for callers that read only text. */
export async function dispatch(tool: Tool, args: unknown, call: Call): Promise<Outcome> {
  try {
    return { result: toResult(await tool.answer(args, call)), failure: undefined };
  } catch (error) {
    const failure = error instanceof ClusterError ? clusterFailure(error) : asFailure(error);
    return { result: { ...toResult(failureBody(failure, call.requestId)), isError: true }, failure };
  }
}

const toResult = (structuredContent: Record<string, unknown>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
  structuredContent,
});
