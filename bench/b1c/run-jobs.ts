import { type Allocation, Allocations } from '@cortex/crds';
import type { Cluster, Followed } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';
import { isReady } from '../b1a/allocation.ts';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { Lanes } from '../harness/lanes.ts';
import { Incomplete } from '../harness/measured.ts';
import { openLoop } from '../harness/open-loop.ts';

/** What is to be known of a job to make and end it. */
export interface TimedJob {
  readonly name: string;
  /** When it is created, in milliseconds from the start. */
  readonly at: number;
  /** How long it runs once it is Ready. */
  readonly runMs: number;
}

/** What became of jobs, all on one monotonic clock. */
export interface JobsRun {
  readonly seconds: number;
  /** From the POST until Ready, in milliseconds, by name of the job. */
  readonly waited: ReadonlyMap<string, number>;
}

/** Creates each job at its moment, lets it run from Ready on for as long as it does, and ends it by a DELETE: its owner's work. */
export async function runJobs<J extends TimedJob>(
  { client }: Cluster,
  allocations: Followed<Allocation>,
  jobs: readonly J[],
  draft: (job: J) => Draft<Allocation>,
  longestMs: number,
): Promise<JobsRun> {
  const startedAt = performance.now();
  const createdAt = new Map<string, number>();
  const [creating, deleting] = [new Lanes(IN_FLIGHT), new Lanes(IN_FLIGHT)];
  const end = (key: string) => deleting.through(async () => await client.delete(Allocations, key));
  const ending = new Ending(allocations, jobs, end);
  const created = openLoop(
    jobs.map(({ at }) => at),
    async (i) => {
      const job = jobs[i];
      if (job === undefined) return;
      createdAt.set(job.name, performance.now());
      await creating.through(async () => await client.create(Allocations, draft(job)));
    },
  );
  await Promise.all([created, ending.within(longestMs)]);
  const waited = new Map(
    jobs.map(({ name }) => [name, (ending.readyAt.get(name) ?? Number.NaN) - (createdAt.get(name) ?? 0)]),
  );
  return { seconds: (performance.now() - startedAt) / 1000, waited };
}

/** Ends each job when it has run. */
export class Ending {
  readonly readyAt = new Map<string, number>();
  readonly #jobs: ReadonlyMap<string, TimedJob>;
  readonly #end: (key: string) => Promise<unknown>;
  readonly #unwatch: () => void;
  readonly #finished = Promise.withResolvers<void>();
  #ended = 0;

  constructor({ store }: Followed<Allocation>, jobs: readonly TimedJob[], end: (key: string) => Promise<unknown>) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#end = end;
    this.#unwatch = store.onChange((key, now) => {
      if (now !== undefined && isReady(now)) this.#ready(key, now.metadata.name);
    });
  }

  /** Resolves when the last one is deleted; throws Incomplete when that is not within the time. */
  async within(ms: number): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () =>
        reject(
          new Incomplete(
            `${this.#ended} of ${this.#jobs.size} jobs ended, ${this.readyAt.size} were Ready, after ${ms / 1000} s`,
          ),
        ),
      ms,
    );
    await Promise.race([late, this.#finished.promise]).finally(() => {
      clearTimeout(timer);
      this.#unwatch();
    });
  }

  #ready(key: string, name: string): void {
    const job = this.#jobs.get(name);
    if (job === undefined || this.readyAt.has(name)) return;
    this.readyAt.set(name, performance.now());
    const end = (): void => void this.#end(key).then(() => this.#over(), this.#finished.reject);
    if (job.runMs === 0) end();
    else setTimeout(end, job.runMs);
  }

  #over(): void {
    if (++this.#ended === this.#jobs.size) this.#finished.resolve();
  }
}
