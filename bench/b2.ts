import { type BurstWorker, BurstWorkers } from '@cortex/crds';
import { FREED_PER_SECOND, HeldPods } from './b2/held.ts';
import { expireAll, raiseFull, untilOldEnough } from './b2/workers.ts';
import { type Raised, raiseAtOnce, raisedFigures } from './b2/raised.ts';
import { callsEach, callsOf, sumOf } from './harness/calls.ts';
import { kwokCeiling } from './harness/kwok-ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { isChosen, type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';

const NODES = 1_000;
const PODS = 5;
/** One pod on every second Node: a tenth of all. */
const HELD_EVERY = 2;
const PARALLELISM = 64;
/** A share of the Nodes is enough to know what KWOK and the API server do alone. */
const CEILING_SHARE = 0.2;
const LONGEST_MS = 240_000;

interface Run {
  readonly seconds: number;
  readonly nodesPerSecond: number;
  /** Nodes per second that the pods of a bare client's evictions were gone at. */
  readonly b0: number;
  readonly calls: Record<string, number>;
  readonly cpu: Record<string, number>;
  /** From freed to leaving, for each pod that a budget held back. */
  readonly freedMs: readonly number[];
}

export const b2: Benchmark = {
  id: 'B2',
  title: `${NODES} workers with ${PODS} pods each expire together, and 50 are raised at once`,
  async run(options, tell) {
    for (const [id, held] of [['B2-drain', false] as const, ['B2-held', true] as const]) {
      if (!isChosen(id, options)) continue;
      const runs: Run[] = [];
      for (let i = 0; i < options.runs; i++) runs.push(await once(options, held));
      for (const measured of figures(id, runs, options)) tell(measured);
    }
    if (!isChosen('B2-up', options)) return;
    const raised: Raised[] = [];
    for (let i = 0; i < options.runs; i++) raised.push(await raiseAtOnce(options, PARALLELISM));
    for (const measured of raisedFigures(raised, PARALLELISM)) tell(measured);
  },
};

async function once(options: Options, held: boolean): Promise<Run> {
  const n = scaled(NODES, options);
  await using rig = await Rig.start(options, { kwokParallelism: PARALLELISM });
  const alone = await kwokCeiling(rig.cluster, Math.ceil(n * CEILING_SHARE), PODS);
  const { url } = await rig.startOperator();
  const workers = await rig.cluster.follow<BurstWorker>(BurstWorkers);
  const pods = await raiseFull(rig, workers, { n, podsOnEach: PODS, heldEvery: HELD_EVERY });
  const budgets = held ? await HeldPods.hold(rig, pods) : undefined;
  await untilOldEnough(workers);

  const before = await callsOf(url);
  const gone = new Tally('workers are gone', workers, (worker) => worker === undefined);
  const startedAt = performance.now();
  const { result, cpu } = await rig.costs(
    async () => await Promise.all([gone.reaches(n, LONGEST_MS), budgets?.freeLater() ?? [], expireAll(rig, n)]),
  );
  const [lastAt, freedMs] = result;
  const seconds = (lastAt - startedAt) / 1000;
  return {
    seconds,
    nodesPerSecond: n / seconds,
    b0: alone.podsGone / PODS,
    calls: callsEach(before, await callsOf(url), n),
    cpu,
    freedMs,
  };
}

function figures(id: string, runs: readonly Run[], options: Options): Measured[] {
  const n = scaled(NODES, options);
  const held = id === 'B2-held';
  const detail = {
    nodes: n,
    podsOnEach: PODS,
    kwokParallelism: PARALLELISM,
    maxConcurrent: n,
    seconds: runs.map(({ seconds }) => rounded(seconds)),
    b0NodesPerSecond: runs.map(({ b0 }) => rounded(b0)),
    callsPerNode: runs.map(({ calls }) => calls),
    cpuSeconds: runs.map(({ cpu }) => cpu),
  };
  const what = `workers with ${PODS} pods expire together`;
  const calls = {
    id: `${id}-calls`,
    what: `${what}: calls of the operator for each`,
    unit: 'calls',
    values: runs.map((run) => sumOf(run.calls)),
  };
  if (!held)
    return [
      {
        id,
        what,
        unit: 'Nodes/s',
        values: runs.map(({ nodesPerSecond }) => nodesPerSecond),
        percentOfB0: runs.map(({ nodesPerSecond, b0 }) => (100 * nodesPerSecond) / b0),
        detail,
      },
      calls,
    ];
  return [
    {
      id,
      what: 'a tenth of the pods is behind budgets that are freed from 30 s on: from freed to evicted, p99',
      unit: 'ms',
      values: runs.map(({ freedMs }) => percentile(freedMs, 0.99)),
      detail: {
        ...detail,
        freedPerSecond: FREED_PER_SECOND,
        held: runs.map(({ freedMs }) => freedMs.length),
        p50: runs.map(({ freedMs }) => rounded(percentile(freedMs, 0.5))),
      },
    },
  ];
}
