import { parseArgs } from 'node:util';
import { PROFILES, type Profile } from './profiles.ts';

const COMMANDS = ['http', 'stdio', 'check', 'help', 'version'] as const;

export interface CommandLine {
  /** What to do: serve over HTTP or over standard input and output, or print something and end. */
  readonly command: (typeof COMMANDS)[number];
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly profile: Profile | undefined;
}

export const HELP = `cortex-mcp: MCP tools for workers and MCP servers that jobs borrow for a while

  cortex-mcp          serves MCP over HTTP; its settings are environment variables, see docs/facade.md
  cortex-mcp stdio    serves MCP over standard input and output, as desktop clients start it

  --context NAME      a context of the kubeconfig; default: the current one
  --namespace NAME    receives what is created; default: the namespace of the context
  --profile NAME      readonly, operator or admin; default: operator for stdio, readonly for HTTP
  --check             prints who this is to the cluster, what it may do, whether the CRDs are there
  --help, --version
`;

/** Throws one sentence about what it cannot read. */
export function commandLineOf(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args);
  const [transport = 'http', ...more] = positionals;
  if (more.length > 0 || (transport !== 'http' && transport !== 'stdio'))
    throw new Error(`"${positionals.join(' ')}" is no way to serve: use http or stdio. See --help`);
  const instead = (['help', 'version', 'check'] as const).find((flag) => values[flag]);
  return {
    command: instead ?? transport,
    context: values.context,
    namespace: values.namespace,
    profile: profileIn(values.profile),
  };
}

function profileIn(name: string | undefined): Profile | undefined {
  const profile = PROFILES.find((each) => each === name);
  if (name === undefined || profile !== undefined) return profile;
  throw new Error(`"${name}" is no profile: use ${PROFILES.join(', ')}. See --help`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        context: { type: 'string' },
        namespace: { type: 'string' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}. See --help`, { cause: error });
  }
}
