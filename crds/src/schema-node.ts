/** A node of an OpenAPI v3 schema. */
export type SchemaNode = Record<string, unknown>;

/** Where a node is, from the root. */
export type Path = readonly (string | number)[];

/** What Kubernetes cannot express, or would accept and lose. */
export class NotStructural extends Error {
  override readonly name = 'NotStructural';
  constructor(path: Path, why: string) {
    super(`${path.join('.') || '(root)'}: ${why}`);
  }
}

/** The nodes below this one, each under its name; `items` and `*` stand for what is not named. */
export const childrenOf = (node: SchemaNode): [name: string, child: SchemaNode][] => [
  ...Object.entries((node['properties'] ?? {}) as Record<string, SchemaNode>),
  ...(isNode(node['items']) ? [['items', node['items']] as [string, SchemaNode]] : []),
  ...(isNode(node['additionalProperties']) ? [['*', node['additionalProperties']] as [string, SchemaNode]] : []),
];

export const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null;

/** The schema with every node put through `change`, the inner ones first. */
export function mapNodes(node: SchemaNode, change: (node: SchemaNode) => SchemaNode): SchemaNode {
  const { properties, items, additionalProperties } = node;
  const inner = (child: unknown): unknown => (isNode(child) ? mapNodes(child, change) : child);
  return change({
    ...node,
    ...(isNode(properties)
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, inner(child)])) }
      : {}),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: inner(additionalProperties) }),
  });
}
