import { parseArgs } from 'node:util';

export interface CommandLine {
  /** What to do: serve over HTTP or over standard input and output, or print something and end. */
  readonly command: 'http' | 'stdio' | 'help' | 'version';
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

export const HELP = `cortex-mcp: MCP tools for workers and MCP servers that jobs borrow for a while

  cortex-mcp          serves MCP over HTTP (environment: CORTEX_MCP_HOST, CORTEX_MCP_PORT, …)
  cortex-mcp stdio    serves MCP over standard input and output, as desktop clients start it

  --context NAME      a context of the kubeconfig; default: the current one
  --namespace NAME    receives what is created; default: the namespace of the context
  --help, --version
`;

/** Throws one sentence about what it cannot read. */
export function commandLineOf(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args);
  const [transport = 'http', ...more] = positionals;
  if (more.length > 0 || (transport !== 'http' && transport !== 'stdio'))
    throw new Error(`"${positionals.join(' ')}" is no way to serve: use http or stdio. See --help`);
  return {
    command: values.help ? 'help' : values.version ? 'version' : transport,
    context: values.context,
    namespace: values.namespace,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        context: { type: 'string' },
        namespace: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}. See --help`, { cause: error });
  }
}
