import { CONDITION_TYPES } from './condition.ts';
import type { KindSource } from './kind.ts';
import { API_VERSION } from './names.ts';
import { REASONS } from './reasons.ts';
import { type SchemaNode, structural } from './structural.ts';

/** The reference page of a kind: every field with type, default and meaning. */
export function referencePage({
  kind,
  plural,
  scope,
  shortNames,
  description,
  spec,
  status,
  columns,
}: KindSource): string {
  return [
    `# ${kind}`,
    description,
    `\`${API_VERSION}\`, ${scope.toLowerCase()}-scoped, \`kubectl get ${plural}\` or \`kubectl get ${shortNames.join('`, `')}\`.`,
    '## spec',
    table(rows(structural(spec), '')),
    '## status',
    table(rows(structural(status), '')),
    '## Columns',
    [
      '| Column | Shows |',
      '|---|---|',
      ...columns.map(
        (column) => `| ${column.name.toUpperCase()}${column.priority === 1 ? ' (wide)' : ''} | ${column.description} |`,
      ),
    ].join('\n'),
    '',
  ].join('\n\n');
}

/** The page of every condition and every reason. */
export function reasonsPage(): string {
  const both = (title: string, entries: Record<string, string>) =>
    [
      `## ${title}`,
      [
        '| Word | Meaning |',
        '|---|---|',
        ...Object.keys(entries)
          .toSorted()
          .map((word) => `| \`${word}\` | ${entries[word] ?? ''} |`),
      ].join('\n'),
    ].join('\n\n');
  return ['# Conditions and reasons', both('Conditions', CONDITION_TYPES), both('Reasons', REASONS), ''].join('\n\n');
}

interface Row {
  readonly path: string;
  readonly type: string;
  readonly given: string;
  readonly text: string;
}

function rows(node: SchemaNode, path: string): Row[] {
  const properties = (node['properties'] ?? {}) as Record<string, SchemaNode>;
  const required = new Set((node['required'] ?? []) as string[]);
  return Object.entries(properties).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [rowOf(here, child, required.has(name)), ...inner(child, here)];
  });
}

function inner(node: SchemaNode, path: string): Row[] {
  const items = node['items'] as SchemaNode | undefined;
  return items === undefined ? rows(node, path) : rows(items, `${path}[]`);
}

const rowOf = (path: string, node: SchemaNode, required: boolean): Row => ({
  path,
  type: typeOf(node),
  given: required ? 'required' : node['default'] === undefined ? '' : `\`${JSON.stringify(node['default'])}\``,
  text: String(node['description'] ?? ''),
});

function typeOf(node: SchemaNode): string {
  if (Array.isArray(node['enum'])) return node['enum'].map((value) => `\`${String(value)}\``).join(', ');
  if (node['type'] === 'array') return `list of ${typeOf(node['items'] as SchemaNode)}`;
  if (node['additionalProperties'] !== undefined) return 'map';
  return node['format'] === 'date-time' ? 'time' : String(node['type']);
}

const table = (all: readonly Row[]): string =>
  [
    '| Field | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...all.map((row) => `| \`${row.path}\` | ${row.type} | ${row.given} | ${row.text} |`),
  ].join('\n');
