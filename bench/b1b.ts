import { type Allocation, Allocations, API_VERSION } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';
import { onWorker, raisePools } from './b1c/pools.ts';
import { runJobs } from './b1c/run-jobs.ts';
import { installItems, patchMeanwhile } from './harness/ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { poisson } from './harness/open-loop.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';

/** How many come a second, and for how long; the last is what the targets speak of. */
const RATES = [
  { perSecond: 1, seconds: 60 },
  { perSecond: 5, seconds: 30 },
  { perSecond: 10, seconds: 30 },
  { perSecond: 20, seconds: 30 },
  { perSecond: 45, seconds: 60 },
] as const;
type Rate = (typeof RATES)[number];
const POOL = 'warm';
const WORKERS = 200;
/** A job ends a second after it began, and its worker is there for the next. */
const RUN_MS = 1_000;
const PATCH_EVERY_MS = 200;
const LONGEST_MS = 180_000;

/** What became of the jobs that came at one rate. */
interface Run {
  /** From just before the POST until the watch shows Ready, in milliseconds. */
  readonly took: readonly number[];
  /** Bare status patches meanwhile. */
  readonly patches: readonly number[];
  readonly cpu: Record<string, number>;
}

export const b1b: Benchmark = {
  id: 'B1b',
  title: 'Allocations that come whoever is slow, 1 to 45 a second, each on a warm worker',
  async run(options, tell) {
    const runs: Run[][] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    const at = (i: number): Run[] => runs.flatMap((rates) => rates[i] ?? []);
    for (const measured of RATES.flatMap((rate, i) => figures(rate, at(i), options))) tell(measured);
  },
};

const numberOf = ({ perSecond, seconds }: Rate, options: Options): number => scaled(perSecond * seconds, options);

/** One rate after the other, the slow ones first: what is too fast leaves a backlog. */
async function once(options: Options): Promise<Run[]> {
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  await installItems(rig.plane, rig.cluster);
  await rig.startOperator();
  await raisePools(rig, [POOL], WORKERS);
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const runs: Run[] = [];
  for (const rate of RATES) runs.push(await atRate(rate, rig, allocations, options));
  return runs;
}

async function atRate(rate: Rate, rig: Rig, allocations: Followed<Allocation>, options: Options): Promise<Run> {
  const moments = poisson(numberOf(rate, options), rate.perSecond);
  const jobs = moments.map((at, i) => ({ name: `job-${rate.perSecond}-${i}`, at, runMs: RUN_MS }));
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

function figures(rate: Rate, runs: readonly Run[], options: Options): Measured[] {
  const at = (share: number): number[] => runs.map(({ took }) => percentile(took, share));
  const patches = runs.map((run) => percentile(run.patches, 0.5));
  const detail = {
    n: numberOf(rate, options),
    perSecond: rate.perSecond,
    statusPatchMs: runs.map((run) => [0.5, 0.9, 0.99].map((share) => rounded(percentile(run.patches, share)))),
    cpuSeconds: runs.map(({ cpu }) => cpu),
    workers: WORKERS,
    runMs: RUN_MS,
    isolation: 'Shared',
    kwokParallelism: 64,
  };
  const prefix = rate === RATES.at(-1) ? 'B1b' : `B1b-${rate.perSecond}`;
  const figure = (id: string, what: string, unit: string, values: readonly number[]): Measured => ({
    id: `${prefix}-${id}`,
    what,
    unit,
    values,
    detail,
  });
  return [
    figure('p50', `${rate.perSecond} a second: from the POST to Ready, half of them within`, 'ms', at(0.5)),
    figure('p90', 'nine of ten within', 'ms', at(0.9)),
    figure('p99', 'all but one in a hundred within', 'ms', at(0.99)),
    figure(
      'ratio',
      'p50 in bare status patches meanwhile',
      '×',
      at(0.5).map((p50, i) => p50 / (patches[i] ?? Number.NaN)),
    ),
  ];
}
