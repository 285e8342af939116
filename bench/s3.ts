import { type McpServer, McpServers, type McpServerScale, McpServerScales } from '@cortex/crds';
import { applyManifests } from '@cortex/e2e/control-plane';
import type { Followed } from '@cortex/e2e/system/cluster';
import { hostAddress, startServer } from '@cortex/e2e/system/example-servers';
import { isReady, node, wish } from '@cortex/e2e/system/servers';
import { Deployments, type Workload } from '@cortex/operator/kube/apps';
import { type Benchmark, Incomplete, type Measured } from './harness/measured.ts';
import { scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';
import { Tally } from './harness/tally.ts';
import { stoppedServer } from './servers/stopped-server.ts';

const SERVERS = 40;
const LONGEST_MS = 60_000;

/** Milliseconds of one cold start, part by part. */
interface Start {
  /** From the wish to the replicas of the workload. */
  readonly scheduled: number;
  /** From there to a ready pod. */
  readonly started: number;
  /** From there to a wish that says Ready: the server answered. */
  readonly answered: number;
}

/** One server after the other: what a single caller waits for, not what a crowd does. */
export const s3: Benchmark = {
  id: 'S3',
  title: `${SERVERS} cold starts of an MCP server, one after the other`,
  async run(options, tell) {
    const starts: Start[] = [];
    for (let i = 0; i < options.runs; i++) starts.push(...(await once(scaled(SERVERS, options), options)));
    for (const measured of figures(starts)) tell(measured);
  },
};

async function once(n: number, options: Parameters<typeof Rig.start>[0]): Promise<Start[]> {
  const address = hostAddress();
  if (address === undefined) throw new Incomplete('this machine has no network address that a Service could lead to');
  await using rig = await Rig.start(options);
  const { child, port } = await startServer('clock', address);
  try {
    await rig.startOperator();
    const servers = await rig.cluster.follow<McpServer>(McpServers);
    const stopped = new Tally('servers are stopped', servers, (each) => each?.status?.phase === 'Stopped');
    const all = Array.from({ length: n }, (_, i) => stoppedServer(`cold-${i}`, address, port));
    await applyManifests(rig.plane, [node('servers'), ...all].join('---'));
    await stopped.reaches(n, LONGEST_MS);
    const wishes = await rig.cluster.follow<McpServerScale>(McpServerScales);
    const deployments = await rig.cluster.follow<Workload>(Deployments);
    const starts: Start[] = [];
    for (let i = 0; i < n; i++) starts.push(await coldStart(rig, `cold-${i}`, deployments, wishes));
    return starts;
  } finally {
    child.kill('SIGTERM');
  }
}

const seen = (holds: Promise<unknown>): Promise<number> => holds.then(() => performance.now());

async function coldStart(
  { plane }: Rig,
  name: string,
  deployments: Followed<Workload>,
  wishes: Followed<McpServerScale>,
): Promise<Start> {
  const key = `default/${name}`;
  const wished = seen(wishes.until(key, () => true, LONGEST_MS));
  const scaledTo = seen(deployments.until(key, ({ spec }) => spec.replicas === 1, LONGEST_MS));
  const up = seen(deployments.until(key, ({ status }) => status?.readyReplicas === 1, LONGEST_MS));
  const ready = seen(wishes.until(key, isReady, LONGEST_MS));
  await applyManifests(plane, wish(name, name, 1));
  const [at, scheduledAt, startedAt, readyAt] = await Promise.all([wished, scaledTo, up, ready]);
  return { scheduled: scheduledAt - at, started: startedAt - scheduledAt, answered: readyAt - startedAt };
}

function figures(starts: readonly Start[]): Measured[] {
  const whole = starts.map(({ scheduled, started, answered }) => scheduled + started + answered);
  const part = (of: (start: Start) => number) => ({
    p50: rounded(percentile(starts.map(of), 0.5)),
    p95: rounded(percentile(starts.map(of), 0.95)),
  });
  const detail = {
    n: starts.length,
    wishToReplicasMs: part(({ scheduled }) => scheduled),
    replicasToReadyPodMs: part(({ started }) => started),
    readyPodToReadyMs: part(({ answered }) => answered),
    pods: 'played by KWOK; the server itself runs beforehand and answers the handshake',
  };
  const figure = (id: string, what: string, share: number): Measured => ({
    id,
    what,
    unit: 'ms',
    values: [percentile(whole, share)],
    detail,
  });
  return [
    figure('S3-p50', 'wish to Ready, half of them', 0.5),
    figure('S3-p95', 'wish to Ready, 95 of a hundred', 0.95),
  ];
}
