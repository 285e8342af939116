import { createMetrics } from '@cortex/operator/telemetry/metrics';

/** Metrics every Node process has, described by what makes them. */
const OF_NODE = /^(process|nodejs)_/;

interface Described {
  readonly name: string;
  readonly type: unknown;
  readonly help: string;
}

/** The names of all metrics that the operator can tell. */
export const metricNames = async (): Promise<string[]> => (await described()).map(({ name }) => name);

/** The page of every metric of the operator. */
export async function metricsPage(): Promise<string> {
  const own = (await described()).filter(({ name }) => !OF_NODE.test(name));
  return [
    '# Metrics',
    'The operator tells these on `/metrics`. What begins with `cortex_allocation`, `cortex_identity_conflicts`, `cortex_leaks`, `cortex_pool`, `cortex_queue` or `cortex_worker` is told by the leader alone, so a sum over replicas counts everything once.',
    ['| Metric | Type | What it tells |', '|---|---|---|', ...own.map(row)].join('\n'),
    'Beside these every process tells the `process_*` and `nodejs_*` metrics of Node.js: CPU, memory, file handles, event loop and garbage collection.',
  ]
    .join('\n\n')
    .concat('\n');
}

const row = ({ name, type, help }: Described): string => `| \`${name}\` | ${String(type)} | ${help} |`;

async function described(): Promise<Described[]> {
  const metrics = createMetrics();
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
  const all = (await metrics.registry.getMetricsAsJSON()) as Described[];
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
