import { type Allocation, Allocations, WorkerPools } from '@cortex/crds';
import { allocation } from '../b1a/allocation.ts';
import { callsEach, callsOf } from '../harness/calls.ts';
import type { Measured } from '../harness/measured.ts';
import { type Options, scaled } from '../harness/options.ts';
import { Rig } from '../harness/rig.ts';
import { rounded } from '../harness/statistics.ts';
import { Tally } from '../harness/tally.ts';
import { roomFor } from './workers.ts';

const WORKERS = 50;
const LONGEST_MS = 120_000;
/** Their creation, reservation and what provides their machines are the Allocation's and the provider's. */
const OF_A_WORKER = ['PUT burstworkers/status', 'PATCH burstworkers', 'PATCH nodes'];

export interface Raised {
  readonly workers: number;
  readonly seconds: number;
  readonly calls: Record<string, number>;
}

/** One Allocation asks for all of them: from its creation until it is Ready, and so is each of its workers. */
export async function raiseAtOnce(options: Options, kwokParallelism: number): Promise<Raised> {
  const n = scaled(WORKERS, options);
  await using rig = await Rig.start(options, { kwokParallelism });
  const { client } = rig.cluster;
  await client.create(WorkerPools, roomFor(n));
  const { url } = await rig.startOperator();
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const ready = new Tally('Allocations are Ready', allocations, isReady);
  const before = await callsOf(url, 'accepted');
  const startedAt = performance.now();
  await client.create(Allocations, allocation('job', { workers: { count: n } }));
  const readyAt = await ready.reaches(1, LONGEST_MS);
  return {
    workers: n,
    seconds: (readyAt - startedAt) / 1000,
    calls: callsEach(before, await callsOf(url, 'accepted'), n),
  };
}

const isReady = (it: Allocation | undefined): boolean =>
  it?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

export function raisedFigures(runs: readonly Raised[], kwokParallelism: number): Measured[] {
  const writes = ({ calls }: Raised): number => OF_A_WORKER.reduce((sum, what) => sum + (calls[what] ?? 0), 0);
  return [
    {
      id: 'B2-up',
      what: 'workers raised at once: until all are Ready',
      unit: 's',
      values: runs.map(({ seconds }) => seconds),
      detail: { workers: runs[0]?.workers, kwokParallelism, callsPerWorker: runs.map(({ calls }) => calls) },
    },
    {
      id: 'B2-up-writes',
      what: 'workers raised at once: writes about each',
      unit: 'writes',
      values: runs.map((run) => rounded(writes(run))),
    },
  ];
}
