import * as z from 'zod';
import { propertyLimits } from './fields.ts';
import { kubernetes } from './kubernetes.ts';

/** A node of an OpenAPI v3 schema. */
export type SchemaNode = Record<string, unknown>;
type Path = readonly (string | number)[];

/** What Kubernetes cannot express, or would accept and lose. */
export class NotStructural extends Error {
  override readonly name = 'NotStructural';
  constructor(path: Path, why: string) {
    super(`${path.join('.') || '(root)'}: ${why}`);
  }
}

/**
 * The structural schema of a zod schema, as a CustomResourceDefinition takes it. Pure. Throws NotStructural for everything
 * the API server would refuse, and for what it would accept without enforcing.
 */
export function structural(schema: z.ZodType): SchemaNode {
  const out = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    cycles: 'throw',
    unrepresentable: 'throw',
    override: ({ zodSchema, jsonSchema, path }) => mark(zodSchema, jsonSchema as SchemaNode, path),
  }) as SchemaNode;
  return tidy(out, []);
}

const REFUSED_TYPES = new Set(['transform', 'pipe', 'catch', 'readonly', 'date', 'map', 'set', 'union', 'tuple']);

/** What only the zod side knows; called for inner schemas first. */
function mark(schema: z.core.$ZodTypes, node: SchemaNode, path: Path): void {
  const { type, checks = [] } = schema._zod.def;
  if (REFUSED_TYPES.has(type)) throw new NotStructural(path, `${type} has no twin in a CustomResourceDefinition`);
  const marks = kubernetes.get(schema) ?? {};
  const limit = propertyLimits.get(schema)?.maxProperties;
  const refined = checks.some((check) => check._zod.def.check === 'custom');
  if (refined && marks.rules === undefined && limit === undefined)
    throw new NotStructural(path, 'refine() without a CEL rule: the API server would not enforce it');
  if (limit !== undefined) node['maxProperties'] = limit;
  if (type === 'record') delete node['required'];
  if (marks.preserveUnknown === true || type === 'any' || type === 'unknown') open(node);
  if (marks.listType !== undefined) node['x-kubernetes-list-type'] = marks.listType;
  if (marks.listMapKeys !== undefined) node['x-kubernetes-list-map-keys'] = marks.listMapKeys;
  if (marks.rules !== undefined) node['x-kubernetes-validations'] = marks.rules;
}

function open(node: SchemaNode): void {
  delete node['additionalProperties'];
  node['x-kubernetes-preserve-unknown-fields'] = true;
}

const NOT_STRUCTURAL = ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'definitions', '$defs'];
const KEPT = new Set(
  'type description default enum format pattern nullable required properties items additionalProperties minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties uniqueItems'.split(
    ' ',
  ),
);
const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** What can be said of the JSON alone. */
function tidy(node: SchemaNode, path: Path): SchemaNode {
  for (const word of NOT_STRUCTURAL) if (word in node) throw new NotStructural(path, `${word} is not structural`);
  const loose = node['x-kubernetes-preserve-unknown-fields'] === true;
  if (!loose && !TYPES.has(String(node['type'])))
    throw new NotStructural(path, `type ${String(node['type'])} is not structural`);
  closeObject(node, path);
  if (node['type'] === 'integer') sizeInteger(node);
  if (node['type'] === 'string') formatOf(node);
  if (typeof node['pattern'] === 'string' && node['pattern'].includes('(?'))
    throw new NotStructural(path, 'groups such as look-around are not RE2');
  return children(kept(node), path);
}

/** Unknown fields of a strict object are refused by strict field validation and pruned otherwise. */
function closeObject(node: SchemaNode, path: Path): void {
  const more = node['additionalProperties'];
  if (more === false) delete node['additionalProperties'];
  else if (more !== undefined && Object.keys(more as SchemaNode).length === 0) open(node);
  else if (more !== undefined && node['properties'] !== undefined)
    throw new NotStructural(path, 'properties and additionalProperties exclude each other');
}

function sizeInteger(node: SchemaNode): void {
  if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum'];
  if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum'];
  const small = [node['minimum'], node['maximum']].every(
    (bound) => typeof bound === 'number' && Math.abs(bound) < 2 ** 31,
  );
  node['format'] = small ? 'int32' : 'int64';
}

/** A time's pattern is the API server's own business; other formats it would only half enforce. */
function formatOf(node: SchemaNode): void {
  delete node[node['format'] === 'date-time' ? 'pattern' : 'format'];
}

const kept = (node: SchemaNode): SchemaNode =>
  Object.fromEntries(Object.entries(node).filter(([key]) => KEPT.has(key) || key.startsWith('x-kubernetes-')));

function children(node: SchemaNode, path: Path): SchemaNode {
  const properties = node['properties'] as Record<string, SchemaNode> | undefined;
  const items = node['items'] as SchemaNode | undefined;
  const values = node['additionalProperties'] as SchemaNode | undefined;
  return {
    ...node,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, tidy(child, [...path, name])]),
          ),
        }),
    ...(items === undefined ? {} : { items: tidy(items, [...path, 'items']) }),
    ...(values === undefined ? {} : { additionalProperties: tidy(values, [...path, '*']) }),
  };
}
