import { randomUUID } from 'node:crypto';
import type { CallToolResult, Tool as Definition } from '@modelcontextprotocol/server';
import type { Call } from './call.ts';
import type { Cluster } from './cluster.ts';
import { dispatch } from './dispatch.ts';
import type { Failure } from './failures.ts';
import { published } from './published.ts';
import type { Tool } from './tool.ts';

/** What a call brings along from its transport. */
export type Incoming = Pick<Call, 'caller' | 'signal' | 'progress'>;

/** One call that was answered. */
export interface Answered {
  readonly tool: string;
  readonly principal: string;
  readonly client: string;
  readonly requestId: string;
  readonly ms: number;
  readonly failure: Failure | undefined;
}

export interface ToolboxParts {
  readonly tools: readonly Tool[];
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly answered?: (call: Answered) => void;
  readonly now?: () => Date;
}

/** The tools of this process, for every transport. */
export class Toolbox {
  readonly #parts: ToolboxParts;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #published: Definition[];

  constructor(parts: ToolboxParts) {
    this.#parts = parts;
    this.#tools = new Map(parts.tools.map((tool) => [tool.name, tool]));
    this.#published = parts.tools.map(published);
  }

  published(): Definition[] {
    return this.#published;
  }

  /** The result of a call, errors included; undefined for a tool that is not here. */
  async call(name: string, args: unknown, incoming: Incoming): Promise<CallToolResult | undefined> {
    const tool = this.#tools.get(name);
    if (tool === undefined) return undefined;
    const { cluster, namespace, answered, now = () => new Date() } = this.#parts;
    const requestId = randomUUID();
    const startedAt = performance.now();
    const { result, failure } = await dispatch(tool, args ?? {}, { ...incoming, cluster, namespace, requestId, now });
    const { principal, client } = incoming.caller;
    answered?.({ tool: name, principal, client, requestId, ms: Math.round(performance.now() - startedAt), failure });
    return result;
  }
}
