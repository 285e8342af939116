import { randomUUID } from 'node:crypto';
import { traceParentText } from '@cortex/operator/telemetry/trace-context';
import type { Tracing } from '@cortex/operator/telemetry/tracing';
import type { CallToolResult, Tool as Definition } from '@modelcontextprotocol/server';
import type { Call, Confirmation } from './call.ts';
import type { Cluster } from './cluster-port.ts';
import type { AskUser } from './confirm.ts';
import { dispatch } from './dispatch.ts';
import type { Failure } from './failures.ts';
import type { Limits } from './limits.ts';
import { published } from './published.ts';
import type { Access, Tool } from './tool.ts';
import { beginTrace, callTraced } from './traced-call.ts';

/** What a call brings along from its transport. */
export interface Incoming extends Pick<Call, 'caller' | 'signal' | 'progress'> {
  /** What the caller's token grants; default: everything this process offers. */
  readonly granted?: readonly Access[] | undefined;
  /** Where in a trace its caller is. */
  readonly traceparent?: unknown;
  /** Default: the client cannot ask its user. */
  readonly asking?: Omit<Confirmation, 'required'>;
}

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
  /** What this process offers at most; tools that need more are not there. */
  readonly granted: readonly Access[];
  readonly confirmation: boolean;
  readonly limits: Limits;
  readonly answered?: (call: Answered) => void;
  /** Undefined where nobody asked for traces. */
  readonly tracing?: Tracing | undefined;
  readonly now?: () => Date;
}

/** The tools of this process, for every transport. */
export class Toolbox {
  readonly #parts: ToolboxParts;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #published: ReadonlyMap<string, Definition>;

  constructor(parts: ToolboxParts) {
    this.#parts = parts;
    const offered = parts.tools.filter(({ access }) => parts.granted.includes(access));
    this.#tools = new Map(offered.map((tool) => [tool.name, tool]));
    this.#published = new Map(offered.map((tool) => [tool.name, published(tool)]));
  }

  /** The tools a caller of these grants may use; what it may not use is not listed. */
  published(granted: readonly Access[] = this.#parts.granted): Definition[] {
    return [...this.#published.values()].filter(({ name }) =>
      granted.includes(this.#tools.get(name)?.access ?? 'destroy'),
    );
  }

  /** Is there a tool of this name? */
  has(name: string): boolean {
    return this.#tools.has(name);
  }

  /** The result of a call, errors included, or a question to the user; undefined for a tool that is not here. */
  async call(name: string, args: unknown, incoming: Incoming): Promise<CallToolResult | AskUser | undefined> {
    const tool = this.#tools.get(name);
    if (tool === undefined) return undefined;
    const { limits, answered, tracing } = this.#parts;
    const requestId = randomUUID();
    const trace = tracing && beginTrace(incoming.traceparent);
    const startedAt = performance.now();
    const call = { ...this.#callOf(incoming, requestId), traceparent: trace && traceParentText(trace) };
    const { result, failure } = await dispatch(tool, args ?? {}, call, limits);
    const { principal, client } = incoming.caller;
    const told = { tool: name, principal, client, requestId, ms: Math.round(performance.now() - startedAt), failure };
    answered?.(told);
    if (trace?.sampled === true) tracing?.told(callTraced(trace, told, call.now()));
    return result;
  }

  #callOf({ caller, signal, progress, granted, asking }: Incoming, requestId: string): Call {
    const { cluster, namespace, confirmation: required, now = () => new Date() } = this.#parts;
    const offered = this.#parts.granted;
    return {
      cluster,
      caller,
      namespace,
      requestId,
      signal,
      progress,
      now,
      granted: granted === undefined ? offered : granted.filter((access) => offered.includes(access)),
      confirmation: { required, asks: false, answer: undefined, ...asking },
    };
  }
}
