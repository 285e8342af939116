import { type Allocation, Allocations, API_VERSION } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';
import { onWorker, raisePools } from './b1c/pools.ts';
import { runJobs } from './b1c/run-jobs.ts';
import { installItems, patchMeanwhile } from './harness/ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { poisson } from './harness/open-loop.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';

const PER_SECOND = 45;
const SECONDS = 60;
const POOL = 'warm';
const WORKERS = 200;
/** A job ends a second after it began, and its worker is there for the next. */
const RUN_MS = 1_000;
const PATCH_EVERY_MS = 200;
const LONGEST_MS = 180_000;

interface Run {
  /** From just before the POST until the watch shows Ready, in milliseconds. */
  readonly took: readonly number[];
  /** Bare status patches meanwhile. */
  readonly patches: readonly number[];
  readonly cpu: Record<string, number>;
}

export const b1b: Benchmark = {
  id: 'B1b',
  title: `${PER_SECOND} Allocations a second for ${SECONDS} s, each on a warm worker, whoever is slow`,
  async run(options, tell) {
    const runs: Run[] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    for (const measured of figures(runs, options)) tell(measured);
  },
};

const numberOf = (options: Options): number => scaled(PER_SECOND * SECONDS, options);

async function once(options: Options): Promise<Run> {
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  await installItems(rig.plane, rig.cluster);
  await rig.startOperator();
  await raisePools(rig, [POOL], WORKERS);

  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const jobs = poisson(numberOf(options), PER_SECOND).map((at, i) => ({ name: `job-${i}`, at, runMs: RUN_MS }));
  const { result, cpu } = await rig.costs(async () => {
    const patching = await patchMeanwhile(rig.cluster, PATCH_EVERY_MS);
    try {
      const { waited } = await runJobs(rig.cluster, allocations, jobs, draft, LONGEST_MS);
      return { took: [...waited.values()], patches: await patching.stop() };
    } finally {
      await patching.stop();
    }
  });
  return { ...result, cpu };
}

const draft = ({ name }: { readonly name: string }): Draft<Allocation> =>
  ({
    apiVersion: API_VERSION,
    kind: 'Allocation',
    metadata: { name, namespace: 'default' },
    spec: onWorker(POOL),
  }) as Draft<Allocation>;

function figures(runs: readonly Run[], options: Options): Measured[] {
  const at = (share: number): number[] => runs.map(({ took }) => percentile(took, share));
  const patches = runs.map((run) => percentile(run.patches, 0.5));
  const detail = {
    n: numberOf(options),
    perSecond: PER_SECOND,
    statusPatchMs: runs.map((run) => [0.5, 0.9, 0.99].map((share) => rounded(percentile(run.patches, share)))),
    cpuSeconds: runs.map(({ cpu }) => cpu),
    workers: WORKERS,
    runMs: RUN_MS,
    isolation: 'Shared',
    kwokParallelism: 64,
  };
  const figure = (id: string, what: string, unit: string, values: readonly number[]): Measured => ({
    id: `B1b-${id}`,
    what,
    unit,
    values,
    detail,
  });
  return [
    figure('p50', 'from the POST to Ready, half of them within', 'ms', at(0.5)),
    figure('p90', 'nine of ten within', 'ms', at(0.9)),
    figure('p99', 'all but one in a hundred within', 'ms', at(0.99)),
    figure(
      'ratio',
      'p50 in bare status patches of the same minute',
      '×',
      at(0.5).map((p50, i) => p50 / (patches[i] ?? Number.NaN)),
    ),
  ];
}
