import { deepStrictEqual } from 'node:assert/strict';
import type { McpClient } from './mcp-clients.ts';

export type Args = Readonly<Record<string, unknown>>;
export type Result = Record<string, unknown>;

/** A caller of tools: whatever comes back is structured, and its text is the same. */
export class Caller {
  readonly #client: McpClient;

  constructor(client: McpClient) {
    this.#client = client;
  }

  /** The structured result, with isError beside its keys. */
  readonly call = async (name: string, args: Args = {}): Promise<Result> => {
    const { structured, text, isError } = await this.#client.call(name, args);
    deepStrictEqual(JSON.parse(text), structured);
    return { ...structured, isError };
  };

  /** Looks at the plan where one is shown, and agrees to it. */
  readonly agreed = async (name: string, args: Args): Promise<Result> => {
    const asked = await this.call(name, args);
    const { code, confirm_token } = asked;
    return code === 'confirmation_required' ? await this.call(name, { ...args, confirm_token }) : asked;
  };
}
