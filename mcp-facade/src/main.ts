import { type OpenCluster, openCluster } from './cluster.ts';
import { configFrom } from './config.ts';
import { serveHealth } from './http/health.ts';
import { type HttpServer, serveMcp } from './http/serve.ts';
import { createLogger } from './log.ts';
import { factoryOver } from './server.ts';
import { TOOLS } from './tools/all.ts';
import { type Answered, Toolbox } from './toolbox.ts';

/** Everybody who reaches a loopback address without tokens is one principal. */
const LOCAL = 'local';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const config = configFrom(process.env);
const log = createLogger(config.logLevel);

try {
  const end = await start();
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
} catch (error) {
  log.error('cannot start', { error });
  process.exitCode = 1;
}

async function start(): Promise<() => Promise<void>> {
  const cluster = await openCluster({
    trouble: (kind, error) => log.error(`${kind} cannot be watched; it is tried again`, { kind, error }),
    recovered: (kind, ms) => log.info('the watch is open again', { kind, ms: Math.round(ms) }),
  });
  const toolbox = new Toolbox({
    tools: TOOLS,
    cluster,
    namespace: config.namespace ?? cluster.namespace,
    answered: logCall,
  });
  const mcp = await serveMcp({
    ...config.mcp,
    names: LOOPBACK,
    toolbox,
    factory: factoryOver(toolbox, () => LOCAL),
    principalOf: () => LOCAL,
    onError: (error) => log.debug('a request was refused', { error }),
  });
  const health = await serveHealth({ ...config.health, unready: unreadyUntil(cluster) });
  log.info('serving', { url: mcp.url, health: health.url });
  return () => endAll(mcp, health, cluster);
}

/** Connections first, so that nothing is asked of a cluster that is closed. */
async function endAll(mcp: HttpServer, health: HttpServer, cluster: OpenCluster): Promise<void> {
  await Promise.all([mcp.close(), health.close()]);
  await cluster.close();
}

function unreadyUntil(cluster: OpenCluster): () => string {
  let waitsFor = 'waiting for the copies of all kinds';
  void cluster.ready.then(() => (waitsFor = ''));
  return () => waitsFor;
}

function logCall({ failure, ...keys }: Answered): void {
  if (failure === undefined) return log.info('call', keys);
  const told = { ...keys, code: failure.code, failure: failure.message };
  if (failure.code === 'unavailable') log.error('call failed', { ...told, error: failure.details.cause });
  else log.info('call refused', told);
}
