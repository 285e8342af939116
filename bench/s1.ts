import { type McpServer, McpServers } from '@cortex/crds';
import { atMost } from './harness/anchors.ts';
import { ceiling, installItems, writesPerSecond } from './harness/ceiling.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { rounded } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';
import { writesOfTheSame } from './servers/same-objects.ts';
import { runWorkloads } from './servers/workloads.ts';

const SERVERS = 1_000;
const ITEMS = 1_000;
const LONGEST_MS = 120_000;
/** The McpServer, and what is known of it. */
const WRITES_EACH = 2;

interface Run {
  /** From the first McpServer to the last one that says Running. */
  readonly seconds: number;
  /** From the start of the operator's process. */
  readonly fromStart: number;
  readonly b0: number;
  /** Writes a second of a bare client that writes the same objects. */
  readonly same: number;
  readonly cpu: Record<string, number>;
}

export const s1: Benchmark = {
  id: 'S1',
  title: `an operator that starts adopts ${SERVERS} workloads that run`,
  async run(options, tell) {
    const runs: Run[] = [];
    for (let i = 0; i < options.runs; i++) runs.push(await once(options));
    for (const measured of figures(runs, options)) tell(measured);
  },
};

async function once(options: Options): Promise<Run> {
  const n = scaled(SERVERS, options);
  await using rig = await Rig.start(options, { kwokParallelism: 64, controllerQps: 300 });
  await installItems(rig.plane, rig.cluster);
  await runWorkloads(rig, n);
  const before = await ceiling(rig.cluster, scaled(ITEMS, options));

  const servers = await rig.cluster.follow<McpServer>(McpServers);
  const made = new Tally('McpServers are there', servers, (server) => server !== undefined);
  const running = new Tally('McpServers run', servers, (server) => server?.status?.phase === 'Running');
  const startedAt = performance.now();
  const { result, cpu } = await rig.costs(async () => {
    const [at, { operator }] = await Promise.all([running.reaches(n, LONGEST_MS), rig.startOperator()]);
    return { at, operator };
  });
  const after = await ceiling(rig.cluster, scaled(ITEMS, options));
  await result.operator.end();
  const seconds = (result.at - Math.min(...made.since.values())) / 1000;
  return {
    seconds,
    fromStart: (result.at - startedAt) / 1000,
    b0: writesPerSecond(before, after),
    same: await writesOfTheSame(rig.cluster, servers.store.list()),
    cpu,
  };
}

function figures(runs: readonly Run[], options: Options): Measured[] {
  const n = scaled(SERVERS, options);
  const writesPerSecondOf = ({ seconds }: Run): number => (n * WRITES_EACH) / seconds;
  const detail = {
    n,
    writesEach: WRITES_EACH,
    b0WritesPerSecond: runs.map(({ b0 }) => rounded(b0)),
    sameObjectsByABareClient: runs.map(({ same }) => rounded(same)),
    percentOfTheSame: runs.map((run) => rounded((100 * writesPerSecondOf(run)) / run.same)),
    cpuSeconds: runs.map(({ cpu }) => cpu),
  };
  return [
    {
      id: 'S1',
      what: 'adopt a workload that runs',
      unit: 'writes/s',
      values: runs.map(writesPerSecondOf),
      percentOfB0: runs.map((run) => (100 * writesPerSecondOf(run)) / run.b0),
      detail,
    },
    {
      id: 'S1-all',
      what: `${n} workloads: from the start of the operator's process until all are adopted`,
      unit: 's',
      values: runs.map(({ fromStart }) => fromStart),
      anchor: { target: atMost(5, 's') },
      detail: { n },
    },
  ];
}
