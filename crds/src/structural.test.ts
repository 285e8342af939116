import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { list, listMap, listSet, stringMap } from './collections.ts';
import { constrained, onUpdate } from './kubernetes.ts';
import { NotStructural } from './schema-node.ts';
import { structural } from './structural.ts';

const text = () => z.string().max(63);
const schemaOf = (field: z.ZodType) =>
  (structural(z.strictObject({ field })) as { properties: { field: unknown } }).properties.field;

interface Tree {
  child?: Tree | undefined;
}
const Tree: z.ZodType<Tree> = z.strictObject({
  get child() {
    return Tree.optional();
  },
});

describe('refuses what the API server would refuse', () => {
  test.for<[string, z.ZodType, RegExp]>([
    ['union', z.union([z.int(), z.boolean()]), /field: union has no twin/],
    [
      'discriminatedUnion',
      z.discriminatedUnion('type', [z.object({ type: z.literal('a') }), z.object({ type: z.literal('b') })]),
      /field: union has no twin/,
    ],
    ['tuple', z.tuple([z.int(), z.int()]), /field: tuple has no twin/],
    ['never', z.never(), /never/],
    ['intersection', z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })), /intersection has no twin/],
    ['meta id', text().meta({ id: 'named' }), /\$ref is not structural|definitions is not structural/],
    ['recursion', Tree, /[Cc]ycle/],
    ['catchall', z.object({ a: z.int() }).catchall(z.int()), /exclude each other/],
    ['literal(null)', z.literal(null), /not structural/],
    ['null', z.null(), /null has no twin/],
    ['date', z.date(), /date/i],
    ['bigint', z.bigint(), /BigInt/],
    ['map', z.map(text(), text()), /map/i],
    ['set', z.set(text()), /set/i],
    ['nan', z.nan(), /NaN/],
    ['undefined', z.undefined(), /Undefined/],
    ['look-around', text().regex(/^(?!x)/), /RE2/],
    ['a default outside its bounds', z.int().min(5).default(3), /the default is not valid/],
    [
      'a default that breaks its rule',
      constrained(z.int(), [{ rule: 'self > 5', message: 'more than 5', holds: (n) => n > 5 }]).default(3),
      /more than 5/,
    ],
    [
      'a list that may lack its key',
      listMap(z.strictObject({ name: text().optional() }), ['name'], 5),
      /items\.name: a key of a list must be required/,
    ],
  ])('%s', ([, field, why]) => {
    expect(() => schemaOf(field)).toThrow(why);
  });
});

describe('refuses what the API server would accept and lose', () => {
  test.for<[string, z.ZodType, RegExp]>([
    ['refine', z.int().refine((n) => n % 2 === 0), /refine\(\) without a rule/],
    ['superRefine', z.int().superRefine(() => {}), /refine\(\) without a rule/],
    [
      'one refine more than there are rules',
      constrained(z.int(), [{ rule: 'self > 5', message: 'more than 5', holds: (n) => n > 5 }]).refine((n) => n < 9),
      /refine\(\) without a rule/,
    ],
    ['transform', text().transform((value) => value.length), /no twin/],
    ['overwrite by pipe', text().pipe(text()), /no twin/],
    ['catch', text().catch('x'), /catch has no twin/],
    ['readonly', z.array(text()).max(3).readonly(), /readonly has no twin/],
    ['stringbool', z.stringbool(), /no twin/],
    ['keys with a schema', z.record(text(), text()), /keys cannot be constrained/],
    ['keys of an enum', z.record(z.enum(['a', 'b']), text()), /keys cannot be constrained/],
  ])('%s', ([, field, why]) => {
    expect(() => schemaOf(field)).toThrow(why);
  });
});

describe('refuses what may grow without end', () => {
  test.for<[string, z.ZodType, RegExp]>([
    ['anything', z.unknown(), /field: unknown has no twin/],
    ['an object of any fields', z.looseObject({}), /field\.additionalProperties: unknown has no twin/],
    ['a string', z.string(), /field: maxLength is missing/],
    ['a list', z.array(text()), /field: maxItems is missing/],
    ['a map', z.record(z.string(), text()), /field: maxProperties is missing/],
    ['a string in a list', z.array(z.string()).max(3), /field\.items: maxLength is missing/],
    ['a string in a map', stringMap(3, z.string()), /field\.\*: maxLength is missing/],
  ])('%s', ([, field, why]) => {
    expect(() => schemaOf(field)).toThrow(why);
  });
});

test('the error names where it is and is one of its own', () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.array(z.strictObject({ c: z.string() })).max(2) }) });
  expect(() => structural(schema)).toThrow(NotStructural);
  expect(() => structural(schema)).toThrow('a.b.items.c: maxLength is missing: everything has a bound');
});

describe('says in the words of Kubernetes', () => {
  test.for<[string, z.ZodType, unknown]>([
    ['an integer without bounds', z.int(), { type: 'integer', format: 'int64' }],
    ['a small integer', z.int().min(0).max(10), { type: 'integer', format: 'int32', minimum: 0, maximum: 10 }],
    ['an enum', z.enum(['A', 'B']), { type: 'string', enum: ['A', 'B'] }],
    ['a literal', z.literal('A'), { type: 'string', enum: ['A'] }],
    ['a time', z.iso.datetime(), { type: 'string', format: 'date-time' }],
    ['a UUID', z.uuid().max(36), { type: 'string', maxLength: 36, pattern: z.regexes.uuid().source }],
    ['nullable', text().nullable(), { type: 'string', maxLength: 63, nullable: true }],
    [
      'a set',
      listSet(text(), 3),
      { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 63 }, 'x-kubernetes-list-type': 'set' },
    ],
    [
      'a list',
      list(text(), 3),
      { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 63 }, 'x-kubernetes-list-type': 'atomic' },
    ],
    [
      'a list by key',
      listMap(z.strictObject({ name: text() }), ['name'], 3),
      {
        type: 'array',
        maxItems: 3,
        items: { type: 'object', properties: { name: { type: 'string', maxLength: 63 } }, required: ['name'] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
    ],
    [
      'a map',
      stringMap(4, text()),
      { type: 'object', additionalProperties: { type: 'string', maxLength: 63 }, maxProperties: 4 },
    ],
  ])('%s', ([, field, node]) => {
    expect(schemaOf(field)).toEqual(node);
  });

  test('words that only others know are left out', () => {
    expect(schemaOf(text().meta({ examples: ['a'], deprecated: true, description: 'Kept.' }))).toEqual({
      type: 'string',
      maxLength: 63,
      description: 'Kept.',
    });
  });

  test('a field with a default is not required, and the default of a block holds those within', () => {
    const Block = z.strictObject({ size: text().default('medium'), note: text().optional() });

    expect(structural(z.strictObject({ block: Block.prefault({}) }))).toMatchObject({
      properties: { block: { default: { size: 'medium' }, properties: { size: { default: 'medium' } } } },
    });
    expect(structural(z.strictObject({ block: Block.prefault({}) }))).not.toHaveProperty('required');
  });

  test('rules stay through optional, default and description, in the order they were given', () => {
    const rule = { rule: 'self > 5', message: 'more than 5' };
    const change = { rule: 'self >= oldSelf', message: 'never less' };
    const field = onUpdate(constrained(z.int(), [{ ...rule, holds: (n) => n > 5 }]), [change])
      .default(6)
      .describe('A number.');

    expect(schemaOf(field)).toMatchObject({ 'x-kubernetes-validations': [rule, change], description: 'A number.' });
  });
});
