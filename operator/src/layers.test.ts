import { existsSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, type Import, importsOf, sourcesIn } from './testing/imports.ts';

const ROOMS =
  '{admission,allocation,breaker,burst-worker,drain,mcp-server,mcp-server-scale,node-drain,orphans,ttl,usage,worker-pool}';

/** What touches the world. Everything else in a room is pure. */
const EDGES = [
  `${ROOMS}/controller.ts`,
  'admission/{doubts,writes}.ts',
  'drain/{evict,attached,emptying}.ts',
  'burst-worker/{actions,claimant,machines,observation,worker-turns}.ts',
  'mcp-server/{doorbell,exchange,handshake,lookout,prober,witness}.ts',
  'worker-pool/scout.ts',
];
/** What ties the rooms together; main.ts is the only one that constructs. */
const COMPOSITION = [
  'main.ts',
  'freeze.ts',
  'operator.ts',
  'queues.ts',
  'provider-kinds.ts',
  'follow.ts',
  'wiring.ts',
  'wire-drains.ts',
  'wire-usage.ts',
  'inform.ts',
  'watch-log.ts',
  'measure.ts',
  'trace.ts',
  'uninstall.ts',
  'plan.ts',
  'cluster-id.ts',
  'announce.ts',
  'servers.ts',
  'wire-servers.ts',
];
const PURE = [`${ROOMS}/**`, 'uninstall/**', 'conditions.ts', 'explain/**', 'provider-reasons.ts', 'trim.ts'];
/** What pure files may share: the words of the API server, and how a pass ends. */
const WORDS = [
  '@cortex/crds',
  'hash.ts',
  'published.ts',
  'stores.ts',
  'kube/{apps,object,core}.ts',
  'runtime/{outcome,heap,agenda}.ts',
];

/** Who may import whom; the first row that fits a file is its row. */
const MAY_IMPORT: readonly { who: readonly string[]; values: readonly string[]; types?: readonly string[] }[] = [
  { who: COMPOSITION, values: ['**'] },
  {
    who: ['plugin/main.ts', 'plugin/cluster.ts'],
    values: ['plugin/**', ...WORDS, 'kube/{api-client,client,errors,transport}.ts', '@kubernetes/client-node'],
    types: ['explain/world.ts'],
  },
  // The kubectl plugin asks the pure rooms what the operator would say and do; it lives here to ask the very same code.
  { who: ['plugin/**'], values: ['plugin/**', ...PURE, ...WORDS, 'node:util'] },
  { who: ['local-identity.ts', 'rest.ts'], values: ['node:*'] },
  { who: ['config.ts'], values: ['zod', '@cortex/crds', 'mcp-server/selector.ts'] },
  { who: ['hash.ts'], values: ['node:crypto'] },
  { who: ['published.ts', 'stores.ts'], values: ['@cortex/crds'], types: ['kube/**', '**/status.ts'] },
  // MCP servers are asked over connections of their own.
  { who: ['mcp-server/exchange.ts'], values: [...PURE, 'runtime/timer.ts', 'undici'] },
  {
    who: EDGES,
    values: [
      ...PURE,
      ...WORDS,
      'kube/{errors,client,kind}.ts',
      'runtime/**',
      'providers/{provider,errors,registry}.ts',
    ],
    types: ['kube/**', 'telemetry/log.ts', 'providers/bootstrap/bootstrap.ts', 'node:*'],
  },
  {
    who: PURE,
    values: [...PURE, ...WORDS],
    types: ['runtime/reconcile.ts', 'providers/{provider,errors}.ts', 'kube/client.ts'],
  },
  { who: ['kube/operator-shell.ts'], values: ['kube/**', '@dot-i/k8s-operator'], types: ['@kubernetes/client-node'] },
  {
    who: ['kube/**'],
    values: ['kube/**', 'runtime/{outcome,backoff,timer}.ts', 'undici', 'node:*'],
    types: ['@kubernetes/client-node', '@cortex/crds'],
  },
  { who: ['runtime/**'], values: ['runtime/**', 'kube/errors.ts'] },
  {
    who: ['telemetry/**'],
    values: ['telemetry/**', 'runtime/outcome.ts', '@cortex/crds', 'pino', 'prom-client', '@opentelemetry/*', 'node:*'],
  },
  {
    who: ['providers/**'],
    values: [
      'providers/**',
      'runtime/outcome.ts',
      '@cortex/crds',
      'kube/{errors,object,core,time-limit}.ts',
      'hash.ts',
      'zod',
      'undici',
      'node:*',
      'node:{assert/strict,fs/promises,timers/promises}',
    ],
    types: ['kube/client.ts'],
  },
];

const HERE = import.meta.dirname;
const sources = sourcesIn(HERE);
const imports = importsOf(HERE, sources);

const fits = (path: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesGlob(path, pattern));
const isPure = (file: string): boolean => fits(file, PURE) && !fits(file, EDGES);
const say = ({ from, to }: Import): string => `${from} imports ${to}`;

const room = (file: string): string => file.split('/')[0] ?? '';

const meeting = ({ from, to }: Import): boolean =>
  fits(from, EDGES) && fits(to, EDGES) && room(from) !== room(to) && room(to) !== 'drain';

function mayImport({ from, to, typeOnly }: Import): boolean {
  const row = MAY_IMPORT.find(({ who }) => fits(from, who));
  return row !== undefined && fits(to, typeOnly ? [...row.values, ...(row.types ?? [])] : row.values);
}

test('every file has its place in the table', () => {
  expect(sources.filter((file) => !MAY_IMPORT.some(({ who }) => fits(file, who)))).toEqual([]);
});

test('nobody imports what the table does not grant', () => {
  expect(imports.filter((one) => !mayImport(one)).map(say)).toEqual([]);
});

test('rooms meet in the API server: nothing that touches the world imports such a file of another room but the drain', () => {
  expect(imports.filter(meeting).map(say)).toEqual([]);
});

test('pure files import nothing that touches the world', () => {
  expect(imports.filter(({ from, to }) => isPure(from) && fits(to, EDGES)).map(say)).toEqual([]);
});

test('pure files know no time, no chance and no process but what they are given', () => {
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bprocess\.|\bperformance\.|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bcrypto\./;

  expect(sources.filter((file) => isPure(file) && impure.test(codeOf(HERE, file)))).toEqual([]);
});

test('only a main.ts ends the process', () => {
  const exits = sources.filter((file) =>
    /\bprocess\.(?:exit|abort|kill)\b|\bprocess\.exitCode\b/.test(codeOf(HERE, file)),
  );

  expect(exits.filter((file) => !file.endsWith('main.ts'))).toEqual([]);
});

test('no file imports itself over others', () => {
  expect(cycles(imports.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
});

/** Files that reach themselves by value imports. */
function cycles(edges: readonly Import[]): string[] {
  const next = Map.groupBy(edges, ({ from }) => from);
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
    (next.get(from) ?? []).some(({ to }) => {
      if (to === goal) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return reaches(to, goal, seen);
    });
  return sources.filter((file) => reaches(file, file));
}

/** What a workspace may take from the others. */
const WORKSPACES: Readonly<Record<string, readonly string[]>> = {
  crds: [],
  // Traces of both processes are sent alike, and one goes on with what the other began.
  'mcp-facade': ['@cortex/crds', '@cortex/operator/kube/*', '@cortex/operator/telemetry/trac*'],
  e2e: ['@cortex/crds', '@cortex/operator/kube/*', '@cortex/operator/testing/collector'],
  bench: ['@cortex/crds', '@cortex/operator/kube/*', '@cortex/e2e', '@cortex/e2e/**'],
};

test('of the facade one room alone knows Kubernetes', () => {
  const root = join(HERE, '../../mcp-facade/src');
  const knowing = importsOf(root, sourcesIn(root)).filter(({ to }) =>
    fits(to, ['@cortex/operator/kube/**', '@kubernetes/**']),
  );

  expect(new Set(knowing.map(({ from }) => dirname(from)))).toEqual(new Set(['cluster']));
});

describe.for(Object.entries(WORKSPACES))('%s', ([workspace, granted]) => {
  const root = join(HERE, '../..', workspace);
  const own = existsSync(root) ? importsOf(root, sourcesIn(root)) : [];

  test('takes from other workspaces only what the table grants', () => {
    const foreign = own.filter(({ to }) => to.startsWith('@cortex/') && !fits(to, granted));
    expect(foreign.map(say)).toEqual([]);
  });

  test('reaches into no other workspace by path', () => {
    expect(own.filter(({ to }) => to.startsWith('..')).map(say)).toEqual([]);
  });
});
