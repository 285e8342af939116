import { type Allocation, Allocations, API_VERSION } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';
import { isReady } from '../b1a/allocation.ts';
import { IN_FLIGHT, installItems } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';
import type { Measured } from '../harness/measured.ts';
import type { Options } from '../harness/options.ts';
import { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';
import { raisePools } from './pools.ts';
import { Ending } from './run-jobs.ts';
import { baseline, POOLS, WORKERS } from './shape.ts';

const LONGEST_MS = 600_000;
/** With how many pending the cost is told, and over how many admissions. */
const PENDING = [15_000, 10_000, 5_000, 2_000, 1_000];
const OVER = 1_000;

/** What an admission costs with so many pending. */
interface Point {
  readonly pending: number;
  /** CPU of the operator, and time passed, in milliseconds for each. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** All jobs wait at once behind those that hold every worker; then these end, and the line is served to its end. */
export async function curve(options: Options): Promise<Measured[]> {
  const runs: Point[][] = [];
  for (let i = 0; i < options.runs; i++) runs.push(await once(options));
  return PENDING.map((pending, at) => ({
    id: `B1c-curve-${pending}`,
    what: `CPU of the operator for an admission and its end, ${pending} pending`,
    unit: 'ms',
    values: runs.map((points) => points[at]?.cpuMs ?? Number.NaN),
    detail: {
      n: Math.round(pending * options.scale),
      wallMs: runs.map((points) => points[at]?.wallMs),
      timesThatOf1000: runs.map((points) => (points[at]?.cpuMs ?? Number.NaN) / (points.at(-1)?.cpuMs ?? Number.NaN)),
    },
  }));
}

async function once(options: Options): Promise<Point[]> {
  await using rig = await Rig.start(options, { kwokParallelism: 64 });
  const { client } = rig.cluster;
  await installItems(rig.plane, rig.cluster);
  await rig.startOperator();
  await raisePools(rig, POOLS, WORKERS);
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const holders = new Tally('holders are Ready', allocations, isReady);
  for (const pool of POOLS) await client.create(Allocations, draft(`holder-${pool}`, 'Critical', pool, WORKERS));
  await holders.reaches(POOLS.length, LONGEST_MS);

  const jobs = baseline(options.scale).map((job) => ({ ...job, runMs: 0 }));
  const told = new Tally('jobs are told to wait', allocations, isPending);
  await inFlight(jobs.length, IN_FLIGHT, async (i) => {
    const { name = '', priority = 'Normal', pool = '' } = jobs[i] ?? {};
    return await client.create(Allocations, draft(name, priority, pool, 1));
  });
  await told.reaches(jobs.length, LONGEST_MS);

  const points = new Points(rig, allocations, jobs.length, options.scale);
  const ending = new Ending(allocations, jobs, async (key) => await client.delete(Allocations, key));
  for (const pool of POOLS) await client.delete(Allocations, `default/holder-${pool}`);
  await ending.within(LONGEST_MS);
  return points.all();
}

const isPending = (allocation: Allocation | undefined): boolean => allocation?.status?.phase === 'Pending';

/** Reads clock and CPU whenever as many are pending as a point of the curve begins or ends with. */
class Points {
  readonly #marks = new Map<number, { readonly at: number; readonly cpu: number }>();
  readonly #scale: number;

  constructor(rig: Rig, { store }: Followed<Allocation>, jobs: number, scale: number) {
    this.#scale = scale;
    const wanted = new Set(PENDING.flatMap((pending) => [this.#count(pending), this.#count(pending - OVER)]));
    const ready = new Set<string>();
    const mark = (pending: number): void => {
      if (wanted.has(pending)) this.#marks.set(pending, { at: performance.now(), cpu: rig.operatorSeconds() });
    };
    mark(jobs);
    store.onChange((key, now) => {
      if (now === undefined || !isReady(now) || ready.has(key)) return;
      ready.add(key);
      mark(jobs - ready.size);
    });
  }

  all(): Point[] {
    return PENDING.map((pending) => {
      const [from, to] = [this.#marks.get(this.#count(pending)), this.#marks.get(this.#count(pending - OVER))];
      const n = this.#count(pending) - this.#count(pending - OVER);
      const [cpuMs, wallMs] = [
        (to?.cpu ?? Number.NaN) - (from?.cpu ?? 0),
        (to?.at ?? Number.NaN) / 1000 - (from?.at ?? 0) / 1000,
      ];
      return { pending, cpuMs: (1000 * cpuMs) / n, wallMs: (1000 * wallMs) / n };
    });
  }

  #count(pending: number): number {
    return Math.round(pending * this.#scale);
  }
}

const draft = (name: string, priority: string, pool: string, count: number): Draft<Allocation> =>
  ({
    apiVersion: API_VERSION,
    kind: 'Allocation',
    metadata: { name, namespace: 'default' },
    spec: { priority, workers: { count, pool }, reclaimPolicy: 'ReturnToPool', queueTimeout: '2h' },
  }) as Draft<Allocation>;
