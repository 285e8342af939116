import * as z from 'zod';
import { assertBounded } from './bounds.ts';
import { mark } from './mark.ts';
import type { SchemaNode } from './schema-node.ts';
import { tidy } from './tidy.ts';

/**
 * The structural schema of a zod schema, as a CustomResourceDefinition takes it. Pure. Throws NotStructural for everything
 * the API server would refuse, and for what it would accept without enforcing.
 */
export function structural(schema: z.ZodType): SchemaNode {
  const raw = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    cycles: 'throw',
    unrepresentable: 'throw',
    override: ({ zodSchema, jsonSchema, path }) => mark(zodSchema, jsonSchema as SchemaNode, path),
  }) as SchemaNode;
  const tidied = tidy(raw, []);
  assertBounded(tidied, []);
  return tidied;
}
