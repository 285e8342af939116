import { childrenOf, NotStructural, type Path, type SchemaNode } from './schema-node.ts';

/** Throws NotStructural where something may grow without end: the API server counts the cost of rules by these bounds. */
export function assertBounded(node: SchemaNode, path: Path): void {
  const missing = missingBound(node);
  if (missing !== undefined) throw new NotStructural(path, `${missing} is missing: everything has a bound`);
  refuseKeys(node, path);
  for (const [name, child] of childrenOf(node)) assertBounded(child, [...path, name]);
}

function missingBound(node: SchemaNode): string | undefined {
  const free = node['enum'] === undefined && node['format'] !== 'date-time';
  if (node['type'] === 'string' && free && node['maxLength'] === undefined) return 'maxLength';
  if (node['type'] === 'array' && node['maxItems'] === undefined) return 'maxItems';
  if (node['additionalProperties'] !== undefined && node['maxProperties'] === undefined) return 'maxProperties';
  return undefined;
}

/** Entries are merged by these keys, so each of them must be there. */
function refuseKeys(node: SchemaNode, path: Path): void {
  const keys = (node['x-kubernetes-list-map-keys'] ?? []) as string[];
  const { required = [], properties = {} } = (node['items'] ?? {}) as {
    required?: string[];
    properties?: Record<string, SchemaNode>;
  };
  for (const key of keys)
    if (!required.includes(key) && properties[key]?.['default'] === undefined)
      throw new NotStructural([...path, 'items', key], 'a key of a list must be required or have a default');
}
