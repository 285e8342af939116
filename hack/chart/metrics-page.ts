import { createMetrics as ofFacade } from '../../mcp-facade/src/metrics.ts';
import { createMetrics as ofOperator } from '@cortex/operator/telemetry/metrics';

/** Metrics every Node process has, described by what makes them. */
const OF_NODE = /^(process|nodejs)_/;

interface Described {
  readonly name: string;
  readonly type: unknown;
  readonly help: string;
}

/** What both processes measure themselves with. */
interface Telling {
  readonly registry: { getMetricsAsJSON(): Promise<unknown> };
}

/** The names of all metrics that the two processes can tell. */
export const metricNames = async (): Promise<string[]> => {
  const all = [...(await operator()), ...(await facade())].map(({ name }) => name);
  return [...new Set(all)];
};

/** The page of every metric. */
export async function metricsPage(): Promise<string> {
  return [
    '# Metrics',
    '## Operator',
    'On `/metrics` of port 8080. What begins with `cortex_allocation`, `cortex_identity_conflicts`, `cortex_leaks`, `cortex_pool`, `cortex_queue` or `cortex_worker` is told by the leader alone, so a sum over replicas counts everything once.',
    table(await operator()),
    '## MCP facade',
    'On `/metrics` of port 8081.',
    table(await facade()),
    'Beside these both processes tell the `process_*` and `nodejs_*` metrics of Node.js: CPU, memory, file handles, event loop and garbage collection.',
  ]
    .join('\n\n')
    .concat('\n');
}

const table = (all: readonly Described[]): string =>
  [
    '| Metric | Type | What it tells |',
    '|---|---|---|',
    ...all.filter(({ name }) => !OF_NODE.test(name)).map(row),
  ].join('\n');

const row = ({ name, type, help }: Described): string => `| \`${name}\` | ${String(type)} | ${help} |`;

async function operator(): Promise<Described[]> {
  const metrics = ofOperator();
  metrics.leader(() => false);
  metrics.counts(() => []);
  metrics.leaks(() => []);
  metrics.conflicts(
    () => [],
    () => [],
  );
  metrics.pools(
    () => [],
    () => new Date(),
  );
  return described(metrics);
}

const facade = async (): Promise<Described[]> => described(ofFacade({ inFlight: () => 0, outageMs: () => 0 }));

async function described({ registry }: Telling): Promise<Described[]> {
  const all = (await registry.getMetricsAsJSON()) as Described[];
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
