import type { Tool as Definition } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Tool } from './tool.ts';

type JsonSchema = Definition['inputSchema'];
type Node = Record<string, unknown>;

/** A tool as clients see it. */
export function published(tool: Tool): Definition {
  const reads = tool.access === 'read';
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input'),
    outputSchema: resultSchema(tool.output),
    annotations: {
      readOnlyHint: reads,
      destructiveHint: tool.destructive ?? false,
      idempotentHint: tool.idempotent ?? reads,
      openWorldHint: tool.openWorld ?? false,
    },
  };
}

/** Clients check error results by this schema too, so it admits both: all of a success, or the keys every error has. */
function resultSchema(output: z.ZodObject): JsonSchema {
  const { required = [], ...schema } = schemaOf(output, 'output');
  return { ...schema, anyOf: [{ required }, { required: ['code'] }] };
}

/** Without what costs a model tokens and tells it nothing. */
const schemaOf = (schema: z.ZodObject, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema, path }) => {
      boundless(jsonSchema);
      if (io === 'output') lax(jsonSchema, path.length === 0);
      flat(jsonSchema);
    },
  });
  return rest as unknown as JsonSchema;
};

/** The bounds of every JavaScript integer are none. */
function boundless(node: Node): void {
  if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum'];
  if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum'];
}

/** A result may gain keys with a later version; that its rows are whole needs not be said of each. */
function lax(node: Node, isRoot: boolean): void {
  if (node['additionalProperties'] === false) delete node['additionalProperties'];
  if (!isRoot) delete node['required'];
  delete node['propertyNames'];
}

/** `anyOf: [{type: string}, {type: null}]` is `type: [string, null]`. */
function flat(node: Node): void {
  const [one, none, ...more] = (node['anyOf'] ?? []) as Node[];
  if (one === undefined || none?.['type'] !== 'null' || more.length > 0 || typeof one['type'] !== 'string') return;
  delete node['anyOf'];
  Object.assign(node, one, { type: [one['type'], 'null'] });
}
