import * as fc from 'fast-check';
import { formOf } from '../explained.ts';
import { isNode, type SchemaNode } from '../schema-node.ts';

/** What a schema accepts, rules aside; fields that may be left out are, more often than not. */
export function valueOf(node: SchemaNode): fc.Arbitrary<unknown> {
  const { type, enum: words, items, additionalProperties: values } = node;
  if (Array.isArray(words)) return fc.constantFrom(...(words as string[]));
  if (type === 'array') return fc.array(valueOf(items as SchemaNode), { maxLength: 3 });
  if (isNode(values)) return fc.dictionary(keys, valueOf(values), { maxKeys: 3, noNullPrototype: true });
  if (type === 'object') return objectOf(node);
  if (type === 'boolean') return fc.boolean();
  return type === 'integer' ? wholeOf(node) : textOf(node);
}

function objectOf({ properties = {}, required = [] }: SchemaNode): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties as Record<string, SchemaNode>).map(([name, child]) => {
    const entry = valueOf(child).map((value) => [name, value] as const);
    return (required as string[]).includes(name) ? entry : sometimes(entry);
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)));
}

const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('app', 'example.com/team', 'kubernetes.io/os') },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9._/-]{1,12}$/) },
);

/** Texts at the borders of rules, and texts that fields have in common. */
const DURATIONS = ['60s', '1m', '61s', '1h', '4h', '24h', '168h', '8760h', '1h30m', '1.5h', '59s', '8761h', '0s'];
const NAMES = ['small', 'medium', 'large', 'burst', 'medium'];

function textOf(node: SchemaNode): fc.Arbitrary<string> {
  const { pattern, minLength = 0, maxLength } = node as { pattern?: string; minLength?: number; maxLength: number };
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 12) });
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  const any = fc.stringMatching(new RegExp(pattern), { size: '-1' }).filter(fits);
  const known = [...DURATIONS, ...NAMES, ''].filter((text) => fits(text) && new RegExp(pattern).test(text));
  if (known.length === 0) return any;
  const weight = formOf(node) === 'duration' ? 9 : 1;
  return fc.oneof({ weight, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
}

function wholeOf({ minimum, maximum }: SchemaNode): fc.Arbitrary<number> {
  const [min, max] = [minimum as number, maximum as number];
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 20) }));
}
