import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';

interface Definition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  readonly outputSchema: unknown;
}

/** What the definitions of all tools cost a model that reads them. */
export async function tokensOf(url: string): Promise<{ readonly input: number; readonly output: number }> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result } = (await answer.json()) as { result: { tools: Definition[] } };
  const encoder = new Tiktoken(o200k);
  const count = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;
  return {
    input: count(result.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))),
    output: count(result.tools.map(({ outputSchema }) => outputSchema)),
  };
}
