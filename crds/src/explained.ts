import { DURATION } from './duration.ts';
import { QUANTITY } from './quantity.ts';
import { mapNodes, type SchemaNode } from './schema-node.ts';

/** kubectl explain shows neither defaults nor patterns: the descriptions say them. */
export const explained = (schema: SchemaNode): SchemaNode =>
  mapNodes(schema, (node) =>
    typeof node['description'] === 'string'
      ? { ...node, description: [node['description'], form(node), given(node)].filter(Boolean).join(' ') }
      : node,
  );

const FORMS = {
  duration: 'A duration such as 90s, 15m or 1h30m.',
  quantity: 'A quantity such as 500m, 4 or 16Gi.',
};

/** What kind of text a node holds, where a schema can only say "string". */
export function formOf({ pattern }: SchemaNode): keyof typeof FORMS | undefined {
  if (typeof pattern !== 'string') return undefined;
  if (pattern.includes(DURATION.source)) return 'duration';
  return pattern === QUANTITY.source ? 'quantity' : undefined;
}

function form(node: SchemaNode): string {
  const name = formOf(node);
  return name === undefined ? '' : FORMS[name];
}

function given(node: SchemaNode): string {
  const value = shownDefault(node);
  return value === undefined || value === '""' ? '' : `Default: ${value}.`;
}

/** The default of a field as JSON. Blocks show none: their fields do. */
export const shownDefault = ({ default: value, type }: SchemaNode): string | undefined =>
  value === undefined || type === 'object' ? undefined : JSON.stringify(value);
