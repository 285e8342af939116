import { type Allocation, Allocations } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import { allocation, isReady } from './b1a/allocation.ts';
import { IN_FLIGHT, installItems } from './harness/ceiling.ts';
import { inFlight } from './harness/in-flight.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { evenly, openLoop } from './harness/open-loop.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';

const ALLOCATIONS = 200;
const PER_SECOND = 100;
const SIZE = { idle: 200, loaded: 3_000 };
const LONGEST_MS = 60_000;

interface Run {
  readonly idle: readonly number[];
  /** The same changes, answered by a client that does nothing but write. */
  readonly bare: readonly number[];
  readonly loaded: readonly number[];
  readonly cpu: Record<string, number>;
}

export const b3: Benchmark = {
  id: 'B3',
  title: 'from a change of an Allocation to the status that answers it, both as a watch shows them',
  async run(options, tell) {
    const runs: Run[] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    for (const measured of figures(runs, options)) tell(measured);
  },
};

async function once(options: Options): Promise<Run> {
  await using rig = await Rig.start(options);
  const { client } = rig.cluster;
  await installItems(rig.plane, rig.cluster);
  const { operator } = await rig.startOperator();
  const allocations = await rig.cluster.follow<Allocation>(Allocations);
  const ready = new Tally('Allocations are Ready', allocations, isReady);
  await inFlight(ALLOCATIONS, IN_FLIGHT, (i) => client.create(Allocations, allocation(nameOf(i), {})));
  await ready.reaches(ALLOCATIONS, LONGEST_MS);

  const answers = new Answers(allocations);
  /** Every change is another ttl, so another end, which the operator publishes. */
  const change = async (i: number): Promise<void> => {
    const name = nameOf(i % ALLOCATIONS);
    const answered = answers.next(`default/${name}`);
    await client.patch(Allocations, `default/${name}`, { spec: { ttl: `${61 + Math.floor(i / ALLOCATIONS)}m` } });
    await answered;
  };
  const oneAfterAnother = async (from: number): Promise<readonly number[]> => {
    for (let i = 0; i < scaled(SIZE.idle, options); i++) await change(from + i);
    return answers.took();
  };
  const idle = await oneAfterAnother(0);
  const moments = evenly(scaled(SIZE.loaded, options), 1000 / PER_SECOND);
  const { cpu } = await rig.costs(() => openLoop(moments, (i) => change(i + SIZE.idle)));
  const loaded = answers.took();
  await operator.end();
  answerBarely(rig, allocations);
  return { idle, loaded, bare: await oneAfterAnother(SIZE.idle + moments.length), cpu };
}

/** What no operator could be faster than: one write of the same status for each change, by who hears of it. */
function answerBarely({ cluster }: Rig, { store }: Followed<Allocation>): void {
  store.onChange((_key, now, before) => {
    if (now?.status === undefined || now.metadata.generation === before?.metadata.generation) return;
    const expiresAt = new Date(Date.parse(now.status.expiresAt ?? '') + 60_000).toISOString();
    void cluster.client.updateStatus(Allocations, { ...now, status: { ...now.status, expiresAt } });
  });
}

const nameOf = (i: number): string => `job-${i}`;

/** How long the operator took from each change of a spec to the end that follows from it. */
class Answers {
  #took: number[] = [];
  readonly #changedAt = new Map<string, number>();
  readonly #awaited = new Map<string, (() => void)[]>();

  constructor({ store }: Followed<Allocation>) {
    store.onChange((key, now, before) => {
      if (now?.metadata.generation !== before?.metadata.generation) this.#changedAt.set(key, performance.now());
      if (now?.status?.expiresAt !== before?.status?.expiresAt) this.#answered(key);
    });
  }

  /** Resolves with the next answer about this object. */
  async next(key: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.set(key, [...(this.#awaited.get(key) ?? []), resolve]);
    await promise;
  }

  /** What was measured since this was asked for last, in milliseconds. */
  took(): readonly number[] {
    const took = this.#took;
    this.#took = [];
    return took;
  }

  #answered(key: string): void {
    const changedAt = this.#changedAt.get(key);
    if (changedAt !== undefined) this.#took.push(performance.now() - changedAt);
    this.#changedAt.delete(key);
    for (const resolve of this.#awaited.get(key) ?? []) resolve();
    this.#awaited.delete(key);
  }
}

function figures(runs: readonly Run[], options: Options): Measured[] {
  const cpuSeconds = runs.map(({ cpu }) => cpu);
  const figure = (
    id: string,
    what: string,
    share: number,
    took: (run: Run) => readonly number[],
    n: number,
  ): Measured => ({
    id: `B3-${id}`,
    what,
    unit: 'ms',
    values: runs.map((run) => percentile(took(run), share)),
    detail: { n: scaled(n, options), allocations: ALLOCATIONS, cpuSeconds },
  });
  const idle = ({ idle: took }: Run) => took;
  const loaded = ({ loaded: took }: Run) => took;
  const bare = ({ bare: took }: Run) => took;
  return [
    figure('idle-p50', 'one change after another, half of them within', 0.5, idle, SIZE.idle),
    figure('idle-p99', 'all but one in a hundred within', 0.99, idle, SIZE.idle),
    figure('bare-p50', 'the same, answered by a client that only writes, half of them within', 0.5, bare, SIZE.idle),
    figure('bare-p99', 'all but one in a hundred within', 0.99, bare, SIZE.idle),
    figure('loaded-p50', `${PER_SECOND} changes a second, half of them within`, 0.5, loaded, SIZE.loaded),
    figure('loaded-p99', 'all but one in a hundred within', 0.99, loaded, SIZE.loaded),
  ];
}
