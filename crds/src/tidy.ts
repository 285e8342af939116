import { isNode, NotStructural, type Path, type SchemaNode } from './schema-node.ts';

const NOT_STRUCTURAL = ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'definitions', '$defs'];
const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const WORDS =
  'type description default enum format pattern nullable required properties items additionalProperties ' +
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf ' +
  'minLength maxLength minItems maxItems minProperties maxProperties';
const KEPT = new Set(WORDS.split(' '));

/** The JSON schema in the words of Kubernetes. Throws NotStructural for what it has no words for. */
export function tidy(node: SchemaNode, path: Path): SchemaNode {
  for (const word of NOT_STRUCTURAL) if (word in node) throw new NotStructural(path, `${word} is not structural`);
  closeObject(node, path);
  refuseType(node, path);
  if (node['type'] === 'integer') sizeInteger(node);
  if (node['type'] === 'string') formatOf(node, path);
  return inner(kept(node), path);
}

/** Unknown fields of a strict object are refused by strict field validation and pruned otherwise. */
function closeObject(node: SchemaNode, path: Path): void {
  const more = node['additionalProperties'];
  if (more === false) delete node['additionalProperties'];
  else if (more !== undefined && node['properties'] !== undefined)
    throw new NotStructural(path, 'properties and additionalProperties exclude each other');
}

function refuseType(node: SchemaNode, path: Path): void {
  const type = typeof node['type'] === 'string' ? node['type'] : 'of no name';
  if (!TYPES.has(type)) throw new NotStructural(path, `type ${type} is not structural`);
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
function formatOf(node: SchemaNode, path: Path): void {
  delete node[node['format'] === 'date-time' ? 'pattern' : 'format'];
  if (typeof node['pattern'] === 'string' && node['pattern'].includes('(?'))
    throw new NotStructural(path, 'groups such as look-around are not RE2');
}

const kept = (node: SchemaNode): SchemaNode =>
  Object.fromEntries(Object.entries(node).filter(([key]) => KEPT.has(key) || key.startsWith('x-kubernetes-')));

function inner(node: SchemaNode, path: Path): SchemaNode {
  const { properties, items, additionalProperties: values } = node;
  return {
    ...node,
    ...(isNode(properties) ? { properties: each(properties, path) } : {}),
    ...(isNode(items) ? { items: tidy(items, [...path, 'items']) } : {}),
    ...(isNode(values) ? { additionalProperties: tidy(values, [...path, '*']) } : {}),
  };
}

const each = (properties: SchemaNode, path: Path): SchemaNode =>
  Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [name, tidy(child as SchemaNode, [...path, name])]),
  );
