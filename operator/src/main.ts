import { parseArgs } from 'node:util';
import { FIELD_MANAGER } from '@cortex/crds';
import { KubeConfig } from '@kubernetes/client-node';
import { NodeEmptying } from './drain/emptying.ts';
import { Machines } from './burst-worker/machines.ts';
import { announce } from './announce.ts';
import { clusterIdOf } from './cluster-id.ts';
import { type Config, configFrom } from './config.ts';
import { frozenBy } from './freeze.ts';
import { followersOf, kindsOver, type Watched } from './follow.ts';
import { createClient } from './kube/api-client.ts';
import { EventRecorder } from './kube/events.ts';
import { Elector } from './kube/lease.ts';
import { OperatorShell } from './kube/operator-shell.ts';
import { openTransport } from './kube/transport.ts';
import { localIdentity } from './local-identity.ts';
import { measure } from './measure.ts';
import { officeOver, workQueues } from './operator.ts';
import { Leaks } from './orphans/leaks.ts';
import { queueDocument } from './admission/queue-document.ts';
import { plan } from './plan.ts';
import { equip } from './provider-kinds.ts';
import { giveBackAtRest } from './rest.ts';
import { ServerClock } from './runtime/clock.ts';
import { Waiting } from './runtime/outcome.ts';
import { run, type Running } from './runtime/run.ts';
import { type HttpServer, serveHttp } from './telemetry/http.ts';
import { createLogger, type Logger, logFormat } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { openTracing } from './telemetry/tracing.ts';
import { actionsTold, trace } from './trace.ts';
import { mayUninstall } from './uninstall.ts';
import { WatchLog } from './watch-log.ts';

/** A call that must not outlive the lease takes at most this long, and is not begun with less than this and 5 s left (S10). */
const FENCED_MS = 15_000 + 5_000;
const GRACE_MS = 10_000;
/** Users read Events; a burst of a thousand objects takes a minute to tell, and nothing from the work. */
const EVENTS = { component: 'cortex.automation/operator', perSecond: 25 } as const;
const STALE_MS = 30_000;
const VERSION = '0.1.0';

const format = logFormat(process.env['LOG_FORMAT'], process.stdout.isTTY);

process.exitCode = await main().catch((error: unknown) => {
  createLogger({ format }).error('cannot start', { error: error instanceof Error ? error.message : String(error) });
  return 1;
});

/** Works until it is told to stop or the lease is lost; answers the exit code. */
async function main(): Promise<number> {
  const config = configFrom(process.env);
  const log = createLogger({ level: config.logLevel, format });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const asked = askedFor(process.argv.slice(2));
  if (asked.uninstall) return await mayUninstall(kubeConfig, (text) => void process.stdout.write(text));
  if (asked.plan) {
    process.stdout.write(await plan(config, kubeConfig));
    return 0;
  }
  let operator: Operator | undefined;
  const shell = new OperatorShell({
    logger: log,
    kubeConfig,
    init: async () => void (operator = await begin(config, kubeConfig, log)),
    stop: async () => {
      await operator?.running.stop();
      await operator?.http.close();
    },
  });
  process.once('SIGTERM', () => shell.stop());
  process.once('SIGINT', () => shell.stop());
  giveBackAtRest();
  await shell.start();
  const why = await operator?.running.finished;
  await shell.shutdown();
  // A lost lease is somebody else's work by now: the process ends, and whoever runs it starts a new one.
  return why === 'lost' ? 1 : 0;
}

/** What a command line may ask for instead of work: what would be removed; whether the operator may be. All else is set in the environment. */
function askedFor(args: string[]): { readonly plan: boolean; readonly uninstall: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({ args, options: { plan: flag, uninstall: flag } }).values;
}

interface Operator {
  readonly running: Running;
  readonly http: HttpServer;
}

async function begin(config: Config, kubeConfig: KubeConfig, log: Logger): Promise<Operator> {
  const identity = config.identity ?? localIdentity(config.stateFolder);
  const clock = new ServerClock();
  const metrics = createMetrics();
  const transport = await openTransport(kubeConfig, {
    userAgent: `cortex-operator/${VERSION}`,
    http2: config.http2,
    allowance: config.allowance,
    observer: {
      dated: (date, sentAt, receivedAt) => clock.observe(date, sentAt, receivedAt),
      called: (call) => metrics.called(call),
    },
  });
  const client = createClient(transport, FIELD_MANAGER);
  const kinds = kindsOver(client);
  const watchLog = new WatchLog(log);
  const now = (): Date => clock.now();
  const elector = new Elector({
    client,
    namespace: config.namespace,
    name: 'cortex-operator',
    identity,
    now,
    onLost: (reason) => log.error('the lease is lost', { reason }),
    onProblem: (error) => watchLog.lease(error),
  });
  const fence = (): void => {
    if (elector.remainingMs() < FENCED_MS)
      throw new Waiting(1_000, 'LeaseEnding', 'The lease is too close to its end to begin this call');
  };
  const followers = followersOf(kinds, transport, watchLog, metrics);
  const equipment = equip({
    client,
    namespace: config.namespace,
    qemu: config.qemu,
    now,
    called: (call) => metrics.providerCalled(call),
  });
  const tracing = await openTracing(process.env, {
    service: 'cortex-operator',
    version: VERSION,
    instance: identity,
    trouble: (message, error) => log.warn(message, { error }),
    recovered: (message) => log.info(message),
  });
  const { providers, bootstrap } = equipment;
  const ofCluster = (): string => clusterIdOf(kinds);
  const earliest = (): Date => clock.earliest();
  const machines = new Machines({ providers, bootstrap, clusterId: ofCluster, fence, earliest });
  const leaks = new Leaks();
  const onProblem = (error: unknown): void => log.debug('an Event was not written', { error });
  const recorder = new EventRecorder({ client, ...EVENTS, instance: identity, now, onProblem });
  const office = officeOver(kinds, providers);
  const workers = workQueues({
    kinds,
    office,
    client,
    mcpSelector: config.mcpSelector,
    machines,
    emptying: new NodeEmptying(kinds, client, now),
    providers,
    leaks,
    orphans: config.orphans,
    clusterId: ofCluster,
    clock,
    fence,
    frozen: () => frozenBy(clock, followers),
    tell: (about, occasion) => recorder.record(about, occasion),
    log,
    metrics,
    done: tracing && actionsTold(kinds, tracing, now),
  });
  metrics.leader(() => elector.leading);
  measure(kinds, leaks, metrics, () => elector.leading, now);
  if (tracing !== undefined) trace(kinds, tracing, () => elector.leading, now);
  announce(kinds, recorder, () => elector.leading);
  const running = run({
    followers,
    workers,
    election: elector,
    graceMs: GRACE_MS,
    close: async () => {
      await equipment.close();
      await transport.close();
      await tracing?.close();
    },
    onStep: (step) => log.info(step),
  });
  let complete = false;
  void running.ready.then(() => (complete = true));
  const http = await serveHttp({
    ...config.http,
    unready: () => (complete ? stale(followers) : ['waiting for the copies of all kinds']),
    metrics: metrics.registry,
    documents: { '/queue': (query) => queueDocument(office, query, clock.now()) },
  });
  log.info('serving', { url: http.url });
  return { running, http };
}

/** A replica that waits for the lease is ready to take over; one whose copies no longer follow the API server is not. */
function stale(reflectors: readonly Watched[]): string[] {
  return reflectors
    .filter(({ outageMs }) => outageMs > STALE_MS)
    .map(({ name, outageMs }) => `the watch of ${name} has been closed for ${Math.round(outageMs / 1000)} s`);
}
