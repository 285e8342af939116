import { CONDITION_TYPES } from './condition.ts';
import { formOf, shownDefault } from './explained.ts';
import type { KindSource } from './kind.ts';
import { API_VERSION } from './names.ts';
import { REASONS } from './reasons.ts';
import { childrenOf, isNode, type SchemaNode } from './schema-node.ts';
import { structural } from './structural.ts';
import { table } from './table.ts';

/** The reference page of a kind: every field with type, default and meaning, its rules, conditions and columns. */
export function referencePage(source: KindSource): string {
  const { kind, plural, scope, shortNames, description, spec, status, conditions, columns } = source;
  return page(kind, [
    description,
    `\`${API_VERSION}\`, ${scope.toLowerCase()}-scoped, \`kubectl get ${plural}\` or \`kubectl get ${shortNames.join('`, `')}\`.`,
    section('spec', fields(structural(spec))),
    section('Rules', rulesOf(source)),
    section('status', fields(structural(status))),
    section('Conditions', words('Condition', conditions, CONDITION_TYPES)),
    section(
      'Columns',
      table(
        ['Column', 'Shows'],
        columns.map(({ name, priority, description: shows }) => [
          `${name.toUpperCase()}${priority === 1 ? ' (wide)' : ''}`,
          shows,
        ]),
      ),
    ),
  ]);
}

/** The page of every condition and every reason. */
export const reasonsPage = (): string =>
  page('Conditions and reasons', [
    section('Conditions', words('Condition', Object.keys(CONDITION_TYPES).toSorted(), CONDITION_TYPES)),
    section('Reasons', words('Reason', Object.keys(REASONS).toSorted(), REASONS)),
  ]);

const page = (title: string, parts: readonly string[]): string => [`# ${title}`, ...parts].join('\n\n').concat('\n');
const section = (title: string, text: string): string => `## ${title}\n\n${text}`;

const words = (head: string, some: readonly string[], meanings: Readonly<Record<string, string>>): string =>
  table(
    [head, 'Meaning'],
    some.map((word) => [`\`${word}\``, meanings[word] ?? '']),
  );

const fields = (schema: SchemaNode): string => table(['Field', 'Type', 'Default', 'Meaning'], rows(schema, ''));

function rows(node: SchemaNode, path: string): string[][] {
  const required = new Set((node['required'] ?? []) as string[]);
  const properties = (node['properties'] ?? {}) as Record<string, SchemaNode>;
  return Object.entries(properties).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const inner = isNode(child['items']) ? rows(child['items'], `${here}[]`) : rows(child, here);
    return [row(here, child, required.has(name)), ...inner];
  });
}

function row(path: string, node: SchemaNode, required: boolean): string[] {
  const shown = shownDefault(node);
  const given = required ? 'required' : shown === undefined ? '' : `\`${shown}\``;
  return [`\`${path}\``, typeOf(node), given, typeof node['description'] === 'string' ? node['description'] : ''];
}

function typeOf(node: SchemaNode): string {
  if (Array.isArray(node['enum'])) return node['enum'].map((value) => `\`${String(value)}\``).join(', ');
  if (isNode(node['items'])) return `list of ${typeOf(node['items'])}`;
  if (node['additionalProperties'] !== undefined) return 'map';
  return node['format'] === 'date-time' ? 'time' : (formOf(node) ?? (node['type'] as string));
}

/** What the API server refuses beyond types and bounds, in the words it says. */
function rulesOf({ spec, rules = [] }: KindSource): string {
  const messages = [...messagesOf(structural(spec)), ...rules.map(({ message }) => message)];
  return [...new Set(messages)].map((message) => `- ${message}`).join('\n');
}

function messagesOf(node: SchemaNode): string[] {
  const own = (node['x-kubernetes-validations'] ?? []) as { message: string }[];
  return [...own.map(({ message }) => message), ...childrenOf(node).flatMap(([, child]) => messagesOf(child))];
}
