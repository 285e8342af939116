import { type Allocation, Allocations } from '@cortex/crds';
import { isReady } from './b1a/allocation.ts';
import { LOADS, type Load } from './b1a/loads.ts';
import { ceiling, IN_FLIGHT, installItems, writesPerSecond } from './harness/ceiling.ts';
import { inFlight } from './harness/in-flight.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { isChosen, type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';

const ALLOCATIONS = 1_000;
const ITEMS = 1_000;
const LONGEST_MS = 180_000;

interface Run {
  readonly readyPerSecond: number;
  readonly seconds: number;
  readonly createToReady: { readonly p50: number; readonly p99: number };
  readonly b0: number;
  readonly cpu: Record<string, number>;
}

export const b1a: Benchmark = {
  id: 'B1a',
  title: `${ALLOCATIONS} Allocations at once, capacity for all`,
  async run(options, tell) {
    for (const load of LOADS.filter(({ id }) => isChosen(id, options))) {
      const runs: Run[] = [];
      for (let i = 0; i < options.runs; i++) runs.push(await once(load, options));
      for (const measured of figures(load, runs, options)) tell(measured);
    }
  },
};

/** A control plane of its own; what must be there beforehand; the load, between two looks at the ceiling. */
async function once(load: Load, options: Options): Promise<Run> {
  const n = scaled(ALLOCATIONS, options);
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  const { client } = rig.cluster;
  await installItems(rig.plane, rig.cluster);
  await rig.startOperator();
  await load.prepare(rig, n);
  const before = await ceiling(rig.cluster, scaled(ITEMS, options));

  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const ready = new Tally('Allocations are Ready', allocations, isReady);
  const createdAt: number[] = [];
  const startedAt = performance.now();
  const { result: lastReadyAt, cpu } = await rig.costs(async () => {
    const create = inFlight(n, IN_FLIGHT, async (i) => {
      createdAt[i] = performance.now();
      await client.create(Allocations, load.allocation(nameOf(i), i));
    });
    const [, at] = await Promise.all([create, ready.reaches(n, LONGEST_MS)]);
    return at;
  });
  load.check(allocations);
  const after = await ceiling(rig.cluster, scaled(ITEMS, options));
  const seconds = (lastReadyAt - startedAt) / 1000;
  return {
    seconds,
    readyPerSecond: n / seconds,
    b0: writesPerSecond(before, after),
    cpu,
    createToReady: latency(ready, createdAt),
  };
}

const nameOf = (i: number): string => `job-${i}`;

function latency({ since }: Tally<Allocation>, createdAt: readonly number[]): Run['createToReady'] {
  const took = createdAt.map((at, i) => (since.get(`default/${nameOf(i)}`) ?? Number.NaN) - at);
  return { p50: rounded(percentile(took, 0.5)), p99: rounded(percentile(took, 0.99)) };
}

/** Ready per second is held against what the bare client's writes per second would allow at the floor of writes. */
function figures(load: Load, runs: readonly Run[], options: Options): Measured[] {
  const writes = 1 + load.floor;
  const detail = {
    n: scaled(ALLOCATIONS, options),
    inFlight: IN_FLIGHT,
    writesEach: { creator: 1, operator: load.floor },
    b0WritesPerSecond: runs.map(({ b0 }) => rounded(b0)),
    b0PerAllocation: runs.map(({ b0 }) => rounded(b0 / writes)),
    allReadySeconds: runs.map(({ seconds }) => rounded(seconds)),
    createToReadyMs: runs.map(({ createToReady }) => createToReady),
    cpuSeconds: runs.map(({ cpu }) => cpu),
    ...load.note,
  };
  return [
    {
      id: load.id,
      what: load.title,
      unit: 'Ready/s',
      values: runs.map(({ readyPerSecond }) => readyPerSecond),
      percentOfB0: runs.map(({ readyPerSecond, b0 }) => (100 * readyPerSecond * writes) / b0),
      detail,
    },
    {
      id: `${load.id}-all`,
      what: `${load.title}: until all are Ready`,
      unit: 's',
      values: runs.map(({ seconds }) => seconds),
      detail: { n: detail.n },
    },
  ];
}
