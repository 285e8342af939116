import { profileFor } from './config.ts';
import { serveHealth } from './http/health.ts';
import { serveMcp } from './http/serve.ts';
import { Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { provenSelf } from './power.ts';
import { clusterFor, LOCAL, namespaceOf, onEnd, type Running, toolboxOver } from './running.ts';
import { factoryOver } from './server.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Serves MCP over HTTP until it is told to end. */
export async function runHttp(running: Running): Promise<void> {
  const { line, config, log } = running;
  const profile = profileFor('http', line.profile, config);
  const cluster = await clusterFor(running);
  const limits = new Limits({ perPrincipal: false });
  const metrics = createMetrics({ inFlight: () => limits.inFlight, outageMs: () => cluster.outageMs });
  const waits = { for: 'waiting for the API server to say what this identity may do' };
  const health = await serveHealth({ ...config.health, unready: () => waits.for, metrics: metrics.registry });
  try {
    await provenSelf(cluster, namespaceOf(running, cluster), profile, log);
  } catch (error) {
    await Promise.all([health.close(), cluster.close()]);
    throw error;
  }
  waits.for = 'waiting for the copies of all kinds';
  const toolbox = toolboxOver(cluster, profile, limits, running, (call) => metrics.answered(call));
  const mcp = await serveMcp({
    ...config.mcp,
    names: LOOPBACK,
    toolbox,
    factory: factoryOver(toolbox, () => ({ principal: LOCAL })),
    principalOf: () => LOCAL,
    onError: (error) => log.debug('a request was refused', { error }),
  });
  void cluster.ready.then(() => (waits.for = ''));
  log.info('serving', { url: mcp.url, health: health.url, profile });
  if (!config.confirmation) log.warn('CONFIRMATION IS OFF: whoever calls destroys without being asked twice');
  onEnd(async () => {
    // Connections first, so that nothing is asked of a cluster that is closed.
    await Promise.all([mcp.close(), health.close()]);
    await cluster.close();
  });
}
