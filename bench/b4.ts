import { type Allocation, Allocations, type BurstWorker, BurstWorkers } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import { type Pod, Pods } from '@cortex/operator/kube/core';
import { allocation, isReady } from './b1a/allocation.ts';
import { raiseWorkers } from './b1a/workers.ts';
import { IN_FLIGHT } from './harness/ceiling.ts';
import { inFlight } from './harness/in-flight.ts';
import { smallPod } from './harness/kwok-ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { type Memory, memoryAtRest } from './harness/memory.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { rounded } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';

const STEPS = { '1k': 1_000, '5k': 5_000, '10k': 10_000 } as const;
const WORKERS = 1_000;
const PODS_ON_EACH = 5;
const LONGEST_MS = 600_000;

interface Run {
  readonly startSeconds: number;
  readonly idle: Memory;
  /** With so many Allocations, each Ready. */
  readonly steps: Readonly<Record<string, Memory>>;
  /** With the workers and pods beside them. */
  readonly full: Memory;
}

export const b4: Benchmark = {
  id: 'B4',
  title: "the operator's start, and its memory at rest with nothing and with much to look after",
  async run(options, tell) {
    const runs: Run[] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    for (const measured of figures(runs, options)) tell(measured);
  },
};

/** One operator from its start on; each step adds to what is there. */
async function once(options: Options): Promise<Run> {
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  await rig.cluster.client.create(Allocations, allocation('first', {}));
  const first = new Tally('Allocations are Ready', allocations, isReady).reaches(1, LONGEST_MS);
  const { operator } = await rig.startOperator();
  const startSeconds = ((await first) - operator.startedAt) / 1000;
  const idle = await memoryAtRest(operator.pid);

  const steps: Record<string, Memory> = {};
  for (const [name, n] of Object.entries(STEPS)) {
    await allocate(rig, allocations, scaled(n, options));
    steps[name] = await memoryAtRest(operator.pid);
  }
  await populate(rig, scaled(WORKERS, options));
  return { startSeconds, idle, steps, full: await memoryAtRest(operator.pid) };
}

/** Until there are so many; those that are there are Ready, and are not heard of again. */
async function allocate({ cluster }: Rig, allocations: Followed<Allocation>, n: number): Promise<void> {
  const there = allocations.store.size;
  const ready = new Tally('Allocations are Ready', allocations, isReady);
  await Promise.all([
    inFlight(n - there, IN_FLIGHT, (i) => cluster.client.create(Allocations, allocation(`job-${there + i}`, {}))),
    ready.reaches(n - there, LONGEST_MS),
  ]);
}

/** Ready workers, and pods that run on their Nodes. */
async function populate(rig: Rig, n: number): Promise<void> {
  const { cluster } = rig;
  await raiseWorkers(rig, n);
  const workers = await cluster.follow<BurstWorker>(BurstWorkers);
  const nodes = workers.store.list().map(({ status }) => status?.nodeName ?? '');
  const pods = await cluster.follow<Pod>(Pods);
  const running = new Tally('pods run', pods, (pod) => pod?.status?.phase === 'Running');
  await Promise.all([
    inFlight(n * PODS_ON_EACH, IN_FLIGHT, (i) => cluster.client.create(Pods, smallPod(i, nodes[i % n] ?? ''))),
    running.reaches(n * PODS_ON_EACH, LONGEST_MS),
  ]);
}

function figures(runs: readonly Run[], options: Options): Measured[] {
  const workers = scaled(WORKERS, options);
  const counts = { allocations: scaled(STEPS['10k'], options), workers, pods: workers * PODS_ON_EACH };
  const thousands = (counts.allocations + counts.workers + counts.pods) / 1000;
  const memory = (id: string, what: string, of: (run: Run) => Memory, detail: object): Measured => ({
    id,
    what,
    unit: 'MB',
    values: runs.map((run) => of(run).resident),
    detail: { ...detail, peakMB: runs.map((run) => rounded(of(run).peak)) },
  });
  const nothing: Memory = { resident: Number.NaN, peak: Number.NaN };
  return [
    {
      id: 'B4-start',
      what: 'from the start of its process to the first Allocation it makes Ready',
      unit: 's',
      values: runs.map(({ startSeconds }) => startSeconds),
    },
    memory('B4-idle', 'memory at rest with nothing to look after', ({ idle }) => idle, {}),
    ...Object.entries(STEPS).map(([name, n]) =>
      memory(`B4-${name}`, 'memory at rest with Allocations', ({ steps }) => steps[name] ?? nothing, {
        allocations: scaled(n, options),
      }),
    ),
    memory('B4-full', 'memory at rest with workers and pods as well', ({ full }) => full, counts),
    {
      id: 'B4-growth',
      what: 'what a thousand objects add',
      unit: 'MB',
      values: runs.map(({ idle, full }) => (full.resident - idle.resident) / thousands),
      detail: counts,
    },
  ];
}
