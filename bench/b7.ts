import { type Allocation, Allocations } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';
import { allocation } from './b1a/allocation.ts';
import { Caller, MCP, type Way, WAYS } from './b7/calls.ts';
import { noticeTimes } from './b7/notices.ts';
import { tokensOf } from './b7/tokens.ts';
import { atMost } from './harness/anchors.ts';
import { IN_FLIGHT } from './harness/ceiling.ts';
import { type Burst, inFlight } from './harness/in-flight.ts';
import type { Benchmark, Measured } from './harness/measured.ts';
import { isChosen, type Options, scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { percentile, rounded } from './harness/statistics.ts';

/** Allocations that are there. */
const PRESENT = [1_000, 10_000];
const CALLS = 1_000;
const NOTICES = 200;
const WIDTHS = [8, 64];

interface Load extends Burst {
  /** CPU time of the facade for one call, which others' work on the machine does not change much. */
  readonly cpuMs: number;
  readonly othersCores: number | undefined;
}

interface Run {
  /** Resident memory in MB: at rest, after so many calls of the 2025 protocol, and at the end. */
  readonly rss: { readonly idle: number; readonly called: number; readonly end: number };
  /** The same Allocations made by a bare client without the facade, by width: what the API server takes. */
  readonly bare: ReadonlyMap<number, Burst>;
  /** By `way-tool-width`. */
  readonly bursts: ReadonlyMap<string, Load>;
  readonly notices: readonly number[];
  readonly tokens: { readonly input: number; readonly output: number };
}

/** The facade by itself: without an operator nothing answers what it creates, and nothing but it burns the cores. */
export const b7: Benchmark = {
  id: 'B7',
  title: 'the MCP facade as callers meet it',
  async run(options, tell) {
    for (const present of PRESENT.filter((n) => isChosen(idOf(n), options))) {
      const runs: Run[] = [];
      for (let i = 0; i < options.runs; i++) runs.push(await once(scaled(present, options), options));
      for (const measured of figures(idOf(present), present, runs, options)) tell(measured);
    }
  },
};

const idOf = (present: number): string => (present === 1_000 ? 'B7-1k' : 'B7-10k');
const jobOf = (i: number): string => `job-${i}`;

/** What the facade makes of a request that queues. */
const queued = (width: number, i: number): Draft<Allocation> =>
  ({
    ...allocation(`bare-${width}-${i}`, {}),
    spec: { jobId: `bare-${width}-${i}`, whenInsufficient: 'Queue', ttl: '1h', ttlAfterFinished: '1h' },
  }) as Draft<Allocation>;

async function once(present: number, options: Options): Promise<Run> {
  await using rig = await Rig.start(options);
  await inFlight(present, IN_FLIGHT, (i) => rig.cluster.client.create(Allocations, allocation(jobOf(i), {})));
  const facade = await rig.startFacade();
  await using caller = new Caller(facade.url, Math.max(...WIDTHS));
  const calls = scaled(CALLS, options);
  const idle = await facade.rss();
  const load = async (width: number, work: (i: number) => Promise<unknown>): Promise<Load> => {
    const { result, cpu } = await rig.costs(() => inFlight(calls, width, work));
    return { ...result, cpuMs: ((cpu['facade'] ?? Number.NaN) * 1000) / calls, othersCores: cpu['othersCores'] };
  };
  await caller.greet();
  await load(8, () => caller.call(MCP, 'get_capacity', {}));
  const called = await facade.rss();
  // Connections are opened once: whoever keeps 64 calls in flight keeps as many connections.
  await inFlight(2 * Math.max(...WIDTHS), Math.max(...WIDTHS), () => caller.call(MCP, 'get_capacity', {}));
  const bare = new Map<number, Burst>();
  for (const width of WIDTHS)
    bare.set(width, await inFlight(calls, width, (i) => rig.cluster.client.create(Allocations, queued(width, i))));
  const bursts = new Map<string, Load>();
  for (const way of WAYS)
    for (const width of WIDTHS) {
      const request = (i: number) => ({ job_id: `${way.id}-${width}-${i}`, when_insufficient: 'queue' });
      bursts.set(`${way.id}-read-${width}`, await load(width, () => caller.call(way, 'get_capacity', {})));
      bursts.set(
        `${way.id}-create-${width}`,
        await load(width, (i) => caller.call(way, 'request_resources', request(i))),
      );
    }
  const notices = await noticeTimes(
    rig.cluster,
    facade.url,
    Array.from({ length: Math.min(NOTICES, present) }, (_, i) => jobOf(i)),
  );
  const rss = { idle, called, end: await facade.rss() };
  return { rss, bare, bursts, notices, tokens: await tokensOf(facade.url) };
}

const told = (burst: Burst | undefined) =>
  burst && { p50: burst.p50, p99: burst.p99, perSecond: rounded(burst.perSecond) };

const READ = atMost(25, 'ms');
const CREATE = atMost(60, 'ms');

function figures(id: string, present: number, runs: readonly Run[], options: Options): Measured[] {
  const detail = { allocations: scaled(present, options), calls: scaled(CALLS, options), operator: 'none' };
  const p99 = (way: Way, tool: 'read' | 'create', width: number): Measured => {
    const key = `${way.id}-${tool}-${width}`;
    const bursts = runs.map((run) => run.bursts.get(key) as Load);
    return {
      id: `${id}-${key}`,
      what: `${tool === 'read' ? 'get_capacity' : 'request_resources'} by ${way.title}, ${width} in flight: p99`,
      unit: 'ms',
      values: bursts.map((burst) => burst.p99),
      anchor: { target: tool === 'read' ? READ : CREATE },
      detail: {
        ...detail,
        p50: bursts.map((burst) => burst.p50),
        perSecond: bursts.map(({ perSecond }) => rounded(perSecond)),
        ...(tool === 'create' ? { bareClient: runs.map(({ bare }) => told(bare.get(width))) } : {}),
        facadeCpuMsPerCall: bursts.map(({ cpuMs }) => rounded(cpuMs)),
        othersCores: bursts.map(({ othersCores }) => othersCores),
      },
    };
  };
  return [
    ...WAYS.flatMap((way) => WIDTHS.flatMap((width) => [p99(way, 'read', width), p99(way, 'create', width)])),
    {
      id: `${id}-notice`,
      what: 'from a change of status to the client that listens: p99',
      unit: 'ms',
      values: runs.map(({ notices }) => percentile(notices, 0.99)),
      anchor: { target: atMost(250, 'ms') },
      detail: { ...detail, p50: runs.map(({ notices }) => rounded(percentile(notices, 0.5))) },
    },
    {
      id: `${id}-rss`,
      what: 'resident memory after 1,000 calls by MCP 2025-11-25',
      unit: 'MB',
      values: runs.map(({ rss }) => rss.called),
      ...(present === PRESENT[0] ? { anchor: { target: atMost(90, 'MB') } } : {}),
      detail: { ...detail, idle: runs.map(({ rss }) => rss.idle), afterAll: runs.map(({ rss }) => rss.end) },
    },
    {
      id: `${id}-tokens`,
      what: 'names, descriptions and input schemas of all tools',
      unit: 'tokens',
      values: runs.map(({ tokens }) => tokens.input),
      anchor: { target: atMost(4_000, 'tokens') },
      detail: { tokenizer: 'js-tiktoken 1.0.21, o200k_base', outputSchemas: runs[0]?.tokens.output },
    },
  ];
}
