import * as z from 'zod';
import type { KindSource } from '../kind.ts';
import { API_VERSION } from '../names.ts';

/** What the operator takes for a valid object of a kind: its spec, and the rules that need metadata. */
export const wholeOf = ({ kind, spec, rules = [] }: KindSource): z.ZodType<{ spec: Record<string, unknown> }> => {
  const object = z.strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal(kind),
    metadata: z.strictObject({ name: z.string() }),
    spec,
  });
  return rules.reduce<z.ZodType<z.output<typeof object>>>(
    (whole, { holds, message }) => whole.refine(holds, message),
    object,
  );
};
