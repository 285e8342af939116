import { parseArgs } from 'node:util';
import { Mistake } from './find.ts';

export const USAGE = `Shows what Cortex Resource Manager does, and why.

  kubectl cortex status                  who leads, what the pools have, what is not as it should be
  kubectl cortex explain <kind>/<name>   why an object is as it is, in one sentence
  kubectl cortex tree <allocation>       an Allocation with its workers, Nodes, pods and servers
  kubectl cortex queue                   who waits for capacity, in the order in which they are served
  kubectl cortex plan                    what is decided now, and what happens later by itself; nothing is done

  -n, --namespace            of Allocations, McpServers and McpServerScales
  -o, --output               json, or text
      --context              of the kubeconfig
      --kubeconfig           instead of KUBECONFIG
      --operator-namespace   where the operator runs (cortex-system)
      --version`;

const VERBS = ['status', 'explain', 'tree', 'queue', 'plan'] as const;
export type Verb = (typeof VERBS)[number];

export interface Asked {
  readonly verb: Verb | 'help' | 'version';
  readonly words: readonly string[];
  readonly namespace: string | undefined;
  readonly json: boolean;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly operatorNamespace: string;
}

/** How many words a verb takes at least. */
const WANTS: Readonly<Record<Verb, number>> = { status: 0, explain: 1, tree: 1, queue: 0, plan: 0 };

/** Throws a Mistake. */
export function asked(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args);
  const [word = 'status', ...words] = positionals;
  const verb = VERBS.find((each) => each === word);
  if (values.output !== undefined && values.output !== 'json' && values.output !== 'text')
    throw new Mistake(`--output is json or text, not ${values.output}`);
  const rest = {
    words,
    namespace: values.namespace,
    json: values.output === 'json',
    context: values.context,
    kubeconfig: values.kubeconfig,
    operatorNamespace: values['operator-namespace'] ?? 'cortex-system',
  };
  if (values.help === true || word === 'help') return { verb: 'help', ...rest };
  if (values.version === true) return { verb: 'version', ...rest };
  if (verb === undefined) throw new Mistake(`There is no verb "${word}".\n\n${USAGE}`);
  if (words.length < WANTS[verb] || words.length > 2 * WANTS[verb]) throw new Mistake(USAGE);
  return { verb, ...rest };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        namespace: { type: 'string', short: 'n' },
        output: { type: 'string', short: 'o' },
        context: { type: 'string' },
        kubeconfig: { type: 'string' },
        'operator-namespace': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Mistake(error instanceof Error ? error.message : String(error));
  }
}
