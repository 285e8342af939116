import { profileFor } from './config.ts';
import { bearerGate } from './http/gate.ts';
import { serveHealth } from './http/health.ts';
import { serveMcp } from './http/serve.ts';
import { Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { Notices } from './notices.ts';
import { TokenVerifier } from './oidc.ts';
import { peerOfToken } from './peer.ts';
import { provenSelf } from './power.ts';
import { Resources } from './resources.ts';
import { clusterFor, LOCAL, namespaceOf, onEnd, type Running, toolboxOver } from './running.ts';
import { factoryOver } from './server.ts';

/** Serves MCP over HTTP until it is told to end. */
export async function runHttp(running: Running): Promise<void> {
  const { line, config, log } = running;
  const profile = profileFor('http', line.profile, config);
  const cluster = await clusterFor(running);
  const { oidc } = config;
  const peerOf = oidc === undefined ? () => ({ principal: LOCAL }) : peerOfToken;
  const limits = new Limits({ perPrincipal: oidc !== undefined });
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
  const notices = new Notices(cluster);
  const mcp = await serveMcp({
    ...config.mcp,
    toolbox,
    factory: factoryOver({ toolbox, resources: new Resources(cluster, toolbox), peerOf: (of) => peerOf(of.authInfo) }),
    notices,
    peerOf,
    gate: oidc === undefined ? undefined : bearerGate(new TokenVerifier(oidc), oidc),
    onError: (error) => log.debug('a request was refused', { error }),
  });
  void cluster.ready.then(() => (waits.for = ''));
  log.info('serving', { url: mcp.url, health: health.url, profile });
  if (!config.confirmation) log.warn('CONFIRMATION IS OFF: whoever calls destroys without being asked twice');
  onEnd(async () => {
    // Connections first, so that nothing is asked of a cluster that is closed.
    await Promise.all([mcp.close(), health.close()]);
    notices.close();
    await cluster.close();
    await running.tracing?.close();
  });
}
