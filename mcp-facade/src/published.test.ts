import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { expect, test } from 'vitest';
import { published } from './published.ts';
import { TOOLS } from './tools/all.ts';

const tools = TOOLS.map(published);
const READS = [
  'get_allocation',
  'list_allocations',
  'get_capacity',
  'list_mcp_servers',
  'get_mcp_status',
  'list_workers',
  'get_worker_details',
  'get_worker_capacity',
];

test('there are the sixteen tools, and what only reads says so', () => {
  expect(tools).toHaveLength(16);
  expect(tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name)).toEqual(READS);
});

test('every tool gives all four hints; only provisioning reaches beyond the cluster', () => {
  for (const { annotations } of tools)
    expect(Object.keys(annotations ?? {})).toEqual([
      'readOnlyHint',
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
    ]);
  expect(tools.filter(({ annotations }) => annotations?.openWorldHint).map(({ name }) => name)).toEqual([
    'provision_workers',
  ]);
  expect(tools.filter(({ annotations }) => annotations?.destructiveHint).map(({ name }) => name)).toEqual([
    'release_resources',
    'stop_mcp',
    'scale_mcp',
    'drain_worker',
    'destroy_worker',
  ]);
});

test('input schemas are strict objects, output schemas objects that admit a success or an error', () => {
  for (const { inputSchema, outputSchema } of tools) {
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(outputSchema).toMatchObject({
      type: 'object',
      anyOf: [{ required: expect.any(Array) as unknown }, { required: ['code'] }],
    });
  }
});

test('all definitions together cost a model less than 4k tokens for calling and 4k for reading (o200k_base)', {
  timeout: 30_000,
}, () => {
  const encoder = new Tiktoken(o200k);
  const tokens = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;
  const input = tokens(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })));
  const output = tokens(tools.map(({ outputSchema }) => outputSchema));
  console.log(
    `tool definitions: ${input} tokens of names, descriptions and input schemas, ${output} of output schemas (js-tiktoken 1.0.21, o200k_base)`,
  );

  expect(input).toBeLessThanOrEqual(4000);
  expect(output).toBeLessThanOrEqual(4000);
});
