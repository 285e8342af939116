import { type Document, isMap, type Node, parseDocument, stringify } from 'yaml';
import * as z from 'zod';
import { Values } from './values.ts';

/** The parts of JSON Schema that are printed. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const CHART = 'charts/cortex-resource-manager';
const HEADER = 'Generated from hack/chart/values.ts by `npm run generate`; edits are lost.';

/** What follows from the schema of the values: their file, the schema Helm enforces, the reference page. */
export function valuesFiles(): Map<string, string> {
  const schema = z.toJSONSchema(Values, { target: 'draft-07', io: 'input' }) as Schema;
  return new Map([
    [`${CHART}/values.yaml`, valuesYaml(schema)],
    [`${CHART}/values.schema.json`, `${JSON.stringify(schema, null, 2)}\n`],
    ['docs/values.md', valuesPage(schema)],
  ]);
}

/** The defaults as YAML, each under its description. */
function valuesYaml(schema: Schema): string {
  const document = parseDocument(stringify(Values.parse({})));
  document.commentBefore = ` ${HEADER}`;
  comment(document.contents, schema);
  return document.toString({ lineWidth: 140 });
}

function comment(node: Document['contents'], { properties = {} }: Schema): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    const schema = properties[String(key)];
    if (schema === undefined) continue;
    (key as Node).commentBefore = ` ${schema.description ?? ''}`;
    comment(value as Document['contents'], schema);
  }
}

const valuesPage = (schema: Schema): string =>
  [
    '# Values of the chart',
    'What `helm install --set` and `--values` take. Helm refuses everything else, and names it.',
    ['| Value | Type | Default | Meaning |', '|---|---|---|---|', ...rows(schema, '')].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');

function rows({ properties = {} }: Schema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return schema.properties === undefined ? [row(here, schema)] : rows(schema, here);
  });
}

function row(path: string, schema: Schema): string {
  const type = schema.enum?.map((one) => `\`${String(one)}\``).join(', ') ?? TYPES[schema.type ?? ''] ?? 'map';
  return `| \`${path}\` | ${type} | \`${JSON.stringify(schema.default)}\` | ${schema.description ?? ''} |`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'integer',
  array: 'list',
};
