import { type Ceiling, ceiling, installItems } from './harness/ceiling.ts';
import { type KwokCeiling, kwokCeiling } from './harness/kwok-ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';

const SIZE = { customResources: 10_000, nodes: 1_000, podsOnEach: 5 };
const PARALLELISM = 4;

interface Run {
  readonly resources: Ceiling;
  readonly kwok: KwokCeiling;
  readonly cpu: Record<string, number>;
}

export const b0: Benchmark = {
  id: 'B0',
  title: 'the ceiling: what this control plane takes from a bare client, and what KWOK does alone',
  async run(options, tell) {
    const runs: Run[] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    for (const measured of figures(runs, options)) tell(measured);
  },
};

/** A control plane of its own each time, so that no run carries the history of another. */
async function once(options: Options): Promise<Run> {
  await using rig = await Rig.start(options, { kwokParallelism: PARALLELISM });
  await installItems(rig.plane, rig.cluster);
  const { result, cpu } = await rig.costs(async () => ({
    resources: await ceiling(rig.cluster, scaled(SIZE.customResources, options)),
    kwok: await kwokCeiling(rig.cluster, scaled(SIZE.nodes, options), SIZE.podsOnEach),
  }));
  return { ...result, cpu };
}

function figures(runs: readonly Run[], options: Options): Measured[] {
  const n = scaled(SIZE.customResources, options);
  const nodes = scaled(SIZE.nodes, options);
  const figure = (id: string, what: string, unit: string, value: (run: Run) => number, detail: object): Measured => ({
    id,
    what,
    unit,
    values: runs.map(value),
    detail: { inFlight: 64, ...detail, cpuSeconds: runs.map(({ cpu }) => cpu) },
  });
  const kwok = { nodes, pods: nodes * SIZE.podsOnEach, kwokParallelism: PARALLELISM };
  return [
    figure('B0-create', 'create a custom resource', '/s', ({ resources }) => resources.create.perSecond, { n }),
    figure('B0-status', 'patch its status', '/s', ({ resources }) => resources.status.perSecond, { n }),
    figure('B0-delete', 'delete it', '/s', ({ resources }) => resources.delete.perSecond, { n }),
    figure('B0-node-create', 'create a Node', '/s', (run) => run.kwok.nodesCreated, kwok),
    figure('B0-node-ready', 'KWOK makes Nodes Ready', '/s', (run) => run.kwok.nodesReady, kwok),
    figure('B0-pod-create', 'create a pod', '/s', (run) => run.kwok.podsCreated, kwok),
    figure('B0-pod-running', 'KWOK runs pods', '/s', (run) => run.kwok.podsRunning, kwok),
    figure('B0-evict', 'evict a pod', '/s', (run) => run.kwok.evicted, kwok),
    figure('B0-pod-gone', 'evicted pods are gone', '/s', (run) => run.kwok.podsGone, kwok),
    figure('B0-node-delete', 'delete a Node', '/s', (run) => run.kwok.nodesDeleted, kwok),
  ];
}
