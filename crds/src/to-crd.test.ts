import { describe, expect, test } from 'vitest';
import { CONDITION_TYPES } from './condition.ts';
import { kindOf, KINDS } from './kinds.ts';
import { childrenOf, isNode, type SchemaNode } from './schema-node.ts';
import { toCrd } from './to-crd.ts';

interface Crd {
  metadata: { name: string };
  spec: {
    names: Record<string, unknown>;
    versions: {
      name: string;
      subresources: { status: object; scale?: object };
      selectableFields?: { jsonPath: string }[];
      additionalPrinterColumns: { name: string; jsonPath: string; priority?: number }[];
      schema: { openAPIV3Schema: SchemaNode };
    }[];
  };
}

const versionOf = (kind: string) => {
  const crd = toCrd(kindOf(kind)) as unknown as Crd;
  const [version] = crd.spec.versions;
  if (version === undefined) throw new Error(`${kind} has no version`);
  return { crd, version, schema: version.schema.openAPIV3Schema };
};

function* nodesOf(node: SchemaNode, path = ''): Generator<[path: string, node: SchemaNode]> {
  yield [path, node];
  for (const [name, child] of childrenOf(node)) yield* nodesOf(child, `${path}.${name}`);
}

const wordless = ([path, { description }]: [string, SchemaNode]): boolean =>
  !/\.(items|\*|metadata)$/.test(path) && (typeof description !== 'string' || description.length < 4);

describe.for(KINDS.map(({ kind }) => kind))('%s', (kind) => {
  const { crd, version, schema } = versionOf(kind);

  test('every field says what it is, for kubectl explain', () => {
    expect([...nodesOf(schema)].filter(wordless).map(([path]) => path)).toEqual([]);
  });

  test('every default is said in words, for kubectl explain shows none', () => {
    const silent = [...nodesOf(schema)].filter(
      ([, { type, default: value, description }]) =>
        value !== undefined &&
        value !== '' &&
        type !== 'object' &&
        !(description as string).includes(`Default: ${JSON.stringify(value)}.`),
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('has a status of its own and is in the category cortex', () => {
    expect(version.subresources.status).toEqual({});
    expect(crd.spec.names['categories']).toEqual(['cortex']);
  });

  test('every column shows a field that exists', () => {
    const paths = version.additionalPrinterColumns.map(({ jsonPath }) => jsonPath.replace(/\[.*?\]\.\w+$/, ''));
    const missing = paths.filter((path) => path !== '.metadata.creationTimestamp' && at(schema, path) === undefined);
    expect(missing).toEqual([]);
  });

  test('conditions are merged by type', () => {
    expect(at(schema, '.status.conditions')).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    });
  });
});

const at = (schema: SchemaNode, path: string): SchemaNode | undefined =>
  path
    .split('.')
    .slice(1)
    .reduce<SchemaNode | undefined>(
      (node, name) => (isNode(node?.['properties']) ? (node['properties'][name] as SchemaNode | undefined) : undefined),
      schema,
    );

test.for([
  ['WorkerPool', 'wp', 'Class Provider Ready Workers Reserved Limit Pending Age | Warm Default'],
  ['BurstWorker', 'bw', 'Phase Ready Pool Size Claim Expires Age | Node VM Reason'],
  ['Allocation', 'alloc', 'Phase Ready Workers Servers Priority Expires Age | Job Pool Reason'],
  ['NodeDrain', 'nd', 'Node Phase Pods Blocked Deadline Age | Reason'],
  ['McpServer', 'mcp', 'Phase Desired Ready Workload Age | Server'],
  ['McpServerScale', 'mss', 'Server Policy Wish Effective Phase Age | '],
] as const)('%s is %s and prints %s', ([kind, short, columns]) => {
  const { crd, version } = versionOf(kind);
  const shown = (wide: boolean) =>
    version.additionalPrinterColumns.filter(({ priority }) => (priority === 1) === wide).map(({ name }) => name);

  expect(crd.spec.names['shortNames']).toEqual([short]);
  expect(`${shown(false).join(' ')} | ${shown(true).join(' ')}`).toBe(columns);
});

const selectable = (kind: string) => versionOf(kind).version.selectableFields?.map(({ jsonPath }) => jsonPath);

test('workers are found by pool and claim, wishes by their server', () => {
  expect(selectable('BurstWorker')).toEqual(['.spec.pool', '.spec.claimRef.name']);
  expect(selectable('McpServerScale')).toEqual(['.spec.serverRef.name']);
});

test('only a wish can be scaled', () => {
  const scaled = KINDS.filter(({ kind }) => versionOf(kind).version.subresources.scale !== undefined);
  expect(scaled.map(({ kind }) => kind)).toEqual(['McpServerScale']);
  expect(versionOf('McpServerScale').version.subresources.scale).toEqual({
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  });
});

test('every condition belongs to a kind', () => {
  const used = new Set(KINDS.flatMap(({ conditions }) => conditions));
  expect(Object.keys(CONDITION_TYPES).filter((type) => !used.has(type as never))).toEqual([]);
});
