import type { Tool as Definition } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Tool } from './tool.ts';

type JsonSchema = Definition['inputSchema'];

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
  const { required = [], additionalProperties: _, ...schema } = schemaOf(output, 'output');
  return { ...schema, anyOf: [{ required }, { required: ['code', 'error'] }] };
}

const schemaOf = (schema: z.ZodObject, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, override: concise });
  return rest as unknown as JsonSchema;
};

/** Leaves out what says nothing: the bounds of every JavaScript integer. */
function concise({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
}
