import { type Allocation, Allocations, API_VERSION } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';
import { curve } from './b1c/curve.ts';
import { onWorker, raisePools } from './b1c/pools.ts';
import { type JobsRun, runJobs } from './b1c/run-jobs.ts';
import { baseline, type Job, KINDS, POOLS, WORKERS } from './b1c/shape.ts';
import { ceiling, installItems, writesPerSecond } from './harness/ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { isChosen, type Options } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { rounded } from './harness/statistics.ts';

const LONGEST_MS = 600_000;
const ITEMS = 1_000;

/** The same jobs, in three ways. */
interface Load {
  readonly id: string;
  readonly title: string;
  /** Of all jobs. */
  readonly share: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly prepare: (rig: Rig) => Promise<void>;
  readonly spec: (job: Job) => object;
  readonly note: Readonly<Record<string, unknown>>;
}

const free: Load = {
  id: 'B1c-i',
  title: 'nothing but a reservation',
  share: 1,
  settings: {},
  prepare: async () => undefined,
  spec: () => ({}),
  note: { floorSeconds: 60 },
};

const throttled: Load = {
  ...free,
  id: 'B1c-ii',
  title: 'nothing but a reservation, at 50 calls a second',
  settings: { CORTEX_API_QPS: '50', CORTEX_API_BURST: '100' },
  note: { qps: 50, burst: 100, floorSeconds: 298 },
};

/** A tenth: each takes seven writes, and nobody waits for ten minutes. */
const onWorkers: Load = {
  id: 'B1c-iii',
  title: 'a tenth of them, each on a worker that goes back to its pool',
  share: 0.1,
  settings: {},
  prepare: async (rig) => await raisePools(rig, POOLS, WORKERS),
  spec: ({ pool }) => onWorker(pool),
  note: { pools: POOLS.length, workersEach: WORKERS, floorSeconds: 6.6, kwokParallelism: 64 },
};

interface Run {
  readonly jobs: JobsRun;
  readonly b0: number;
  readonly cpu: Record<string, number>;
}

export const b1c: Benchmark = {
  id: 'B1c',
  title: "15,000 Allocations of three kinds that run and end, in the shape of Kueue's baseline",
  async run(options, tell) {
    for (const load of [free, throttled, onWorkers].filter(({ id }) => isChosen(id, options))) {
      const runs: Run[] = [];
      for (let i = 0; i < options.runs; i++) runs.push(await once(load, options));
      tell(figure(load, runs, options));
    }
    if (isChosen('B1c-curve', options)) for (const measured of await curve(options)) tell(measured);
  },
};

async function once({ share, settings, prepare, spec }: Load, options: Options): Promise<Run> {
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  await installItems(rig.plane, rig.cluster);
  await rig.startOperator(settings);
  await prepare(rig);
  const b0 = writesPerSecond(await ceiling(rig.cluster, ITEMS));
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const { result: jobs, cpu } = await rig.costs(
    async () =>
      await runJobs(
        rig.cluster,
        allocations,
        baseline(share * options.scale),
        (job) => draft(job, spec(job)),
        LONGEST_MS,
      ),
  );
  return { jobs, b0, cpu };
}

const draft = ({ name, priority }: Job, spec: object): Draft<Allocation> =>
  ({
    apiVersion: API_VERSION,
    kind: 'Allocation',
    metadata: { name, namespace: 'default' },
    spec: { priority, ...spec },
  }) as Draft<Allocation>;

function figure({ id, title, share, note }: Load, runs: readonly Run[], { scale }: Options): Measured {
  const jobs = baseline(share * scale);
  const average = ({ waited }: JobsRun, kind: Job['kind']): number => {
    const of = jobs.filter((job) => job.kind === kind).map(({ name }) => waited.get(name) ?? Number.NaN);
    return rounded(of.reduce((sum, ms) => sum + ms, 0) / of.length / 1000);
  };
  return {
    id,
    what: `${title}: until the last one has ended`,
    unit: 's',
    values: runs.map((run) => run.jobs.seconds),
    detail: {
      n: jobs.length,
      averageWaitSeconds: runs.map((run) =>
        Object.fromEntries(KINDS.map(({ name }) => [name, average(run.jobs, name)])),
      ),
      b0WritesPerSecond: runs.map(({ b0 }) => rounded(b0)),
      cpuSeconds: runs.map(({ cpu }) => cpu),
      ...note,
    },
  };
}
