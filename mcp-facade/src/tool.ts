import type * as z from 'zod';
import type { Call } from './call.ts';
import { invalidArguments } from './arguments.ts';

/** What a tool needs to be allowed: decides profiles, scopes and limits. */
export type Access = 'read' | 'write' | 'destroy';

interface Nature {
  readonly name: string;
  readonly title: string;
  /** What it does; what it returns; what it does not do; what to call next. */
  readonly description: string;
  readonly access: Access;
  /** It may end what somebody uses. Default: false. */
  readonly destructive?: boolean;
  /** A repeated call changes nothing more. Default: true for reads, false for others. */
  readonly idempotent?: boolean;
  /** It reaches beyond the cluster. */
  readonly openWorld?: boolean;
}

export interface ToolDefinition<A extends z.ZodObject, R extends z.ZodObject> extends Nature {
  readonly input: A;
  readonly output: R;
  /** What these arguments need to be allowed, where that is more than the tool itself needs. */
  needs?(args: z.output<A>): Access;
  /** Throws Failure or ClusterError for everything but success. */
  run(args: z.output<A>, call: Call): Promise<z.input<R>>;
}

/** A call whose arguments are in order. */
export interface Prepared {
  readonly access: Access;
  run(call: Call): Promise<Record<string, unknown>>;
}

export interface Tool extends Nature {
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Throws `invalid` for bad arguments. */
  prepare(args: unknown): Prepared;
}

export const tool = <A extends z.ZodObject, R extends z.ZodObject>(definition: ToolDefinition<A, R>): Tool => ({
  ...definition,
  prepare: (given) => {
    const parsed = definition.input.safeParse(given);
    if (!parsed.success) throw invalidArguments(parsed.error, definition.input);
    const args = parsed.data;
    return {
      access: definition.needs?.(args) ?? definition.access,
      run: async (call) => await definition.run(args, call),
    };
  },
});
