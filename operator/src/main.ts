import { FIELD_MANAGER } from '@cortex/crds';
import { KubeConfig } from '@kubernetes/client-node';
import { NodeEmptying } from './burst-worker/emptying.ts';
import { Machines } from './burst-worker/machines.ts';
import { configFrom } from './config.ts';
import { followersOf, kindsOver } from './follow.ts';
import { createClient } from './kube/api-client.ts';
import { Namespaces } from './kube/core.ts';
import { Elector } from './kube/lease.ts';
import { OperatorShell } from './kube/operator-shell.ts';
import { openTransport } from './kube/transport.ts';
import { workQueues } from './operator.ts';
import { KwokProvider } from './providers/kwok/kwok.ts';
import { Providers } from './providers/registry.ts';
import { ServerClock } from './runtime/clock.ts';
import { Waiting } from './runtime/outcome.ts';
import { run, type Running } from './runtime/run.ts';
import { type HttpServer, serveHttp } from './telemetry/http.ts';
import { createLogger, logFormat } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** A call that must not outlive the lease takes at most this long, and is not begun with less than this and 5 s left (S10). */
const FENCED_MS = 15_000 + 5_000;
const GRACE_MS = 10_000;

const config = configFrom(process.env);
const log = createLogger({
  level: config.logLevel,
  format: logFormat(process.env['LOG_FORMAT'], process.stdout.isTTY),
});
const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();

let running: Running | undefined;
let http: HttpServer | undefined;

const shell = new OperatorShell({
  logger: { debug: log.debug, info: log.info, warn: log.warn, error: log.error },
  kubeConfig,
  init,
  stop: async () => {
    await running?.stop();
    await http?.close();
  },
});

process.once('SIGTERM', () => shell.stop());
process.once('SIGINT', () => shell.stop());

try {
  await shell.start();
  const why = await running?.finished;
  await shell.shutdown();
  // A lost lease is somebody else's work by now: the process ends, and whoever runs it starts a new one.
  process.exitCode = why === 'lost' ? 1 : 0;
} catch (error) {
  log.error('cannot start', { error });
  process.exitCode = 1;
}

async function init(): Promise<void> {
  const clock = new ServerClock();
  const metrics = createMetrics();
  const transport = await openTransport(kubeConfig, {
    userAgent: 'cortex-operator/0.1.0',
    http2: config.http2,
    observer: {
      dated: (date, sentAt, receivedAt) => clock.observe(date, sentAt, receivedAt),
      called: (call) => metrics.called(call),
    },
  });
  const client = createClient(transport, FIELD_MANAGER);
  const kinds = kindsOver(client);
  const now = (): Date => clock.now();
  const elector = new Elector({
    client,
    namespace: config.namespace,
    name: 'cortex-operator',
    identity: config.identity,
    now,
    onLost: (reason) => log.error('the lease is lost', { reason }),
    onProblem: (error) => log.warn('the lease is out of reach', { error }),
  });
  const fence = (): void => {
    if (elector.remainingMs() < FENCED_MS)
      throw new Waiting(1_000, 'LeaseEnding', 'The lease is too close to its end to begin this call');
  };
  const followers = followersOf(kinds, transport, log, metrics);
  const providers = new Providers([new KwokProvider({ client, namespace: config.namespace, now })]);
  const machines = new Machines({ providers, clusterId: () => clusterId(kinds), fence, now });
  const workers = workQueues({
    kinds,
    machines,
    emptying: new NodeEmptying(kinds, client, now),
    providers,
    clock,
    fence,
    log,
    metrics,
  });
  metrics.leader(() => elector.leading);
  running = run({
    followers,
    workers,
    election: elector,
    graceMs: GRACE_MS,
    close: () => transport.close(),
    onStep: (step) => log.info(step),
  });
  let waitsFor = 'the copies of all kinds';
  void running.ready.then(() => (waitsFor = `the lease ${config.namespace}/cortex-operator`));
  void running.working.then(() => (waitsFor = ''));
  http = await serveHttp({
    ...config.http,
    unready: () => (waitsFor === '' ? [] : [`waiting for ${waitsFor}`]),
    metrics: metrics.registry,
  });
  log.info('serving', { url: http.url });
}

/** What tells this cluster's machines from another's: the UID of its oldest namespace. */
function clusterId(kinds: ReturnType<typeof kindsOver>): string {
  const system = kinds.namespaces.get('kube-system');
  if (system === undefined)
    throw new Waiting(1_000, 'ClusterUnknown', `${Namespaces.kind} kube-system is not seen yet`);
  return system.metadata.uid;
}
