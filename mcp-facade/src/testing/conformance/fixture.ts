import type { CallToolResult, InputRequiredResult, Server, ServerContext } from '@modelcontextprotocol/server';

type Args = Readonly<Record<string, unknown>>;
type Result = CallToolResult | InputRequiredResult;

/** One tool that scenarios of the conformance tool call by its name. */
export interface Fixture {
  /** Its arguments, all of them text. Default: none. */
  readonly args?: readonly string[];
  readonly run: (args: Args, context: ServerContext, server: Server) => Result | Promise<Result>;
}
