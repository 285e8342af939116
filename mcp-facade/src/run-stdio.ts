import { setTimeout as pause } from 'node:timers/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { AbsentCluster } from './cluster/absent-cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { profileFor } from './config.ts';
import { Limits } from './limits.ts';
import { Notices } from './notices.ts';
import { provenSelf } from './power.ts';
import { Resources } from './resources.ts';
import { clusterFor, LOCAL, namespaceOf, onEnd, type Running, toolboxOver } from './running.ts';
import { factoryOver } from './server.ts';

/** How long a client waits for the first tool list at most; a cluster that is silent is asked again later. */
const FIRST_ANSWER_MS = 2_000;

/**
 * Serves one client over standard input and output, even without a cluster: it then shows the tools, and what is missing. Who starts it
 * is who requests; until the API server says who that is, nothing can be created either.
 */
export async function runStdio(running: Running): Promise<void> {
  const { line, config, log } = running;
  const profile = profileFor('stdio', line.profile, config);
  const cluster = await clusterFor(running).catch((error: unknown) => {
    if (!(error instanceof ClusterError)) throw error;
    log.warn('there is no cluster: every call will say so', { error });
    return new AbsentCluster(error);
  });
  const known = { user: LOCAL };
  const proven =
    cluster instanceof AbsentCluster
      ? Promise.resolve()
      : provenSelf(cluster, namespaceOf(running, cluster), profile, log).then(({ user }) => void (known.user = user));
  await Promise.race([proven, pause(FIRST_ANSWER_MS)]).catch(async (error: unknown) => {
    await cluster.close();
    throw error;
  });
  const toolbox = toolboxOver(cluster, profile, new Limits({ perPrincipal: false }), running);
  const notices = new Notices(cluster);
  const peer = {
    get principal() {
      return known.user;
    },
  };
  const surface = { toolbox, resources: new Resources(cluster, toolbox), peerOf: () => peer, notices };
  const served = serveStdio(factoryOver(surface), {
    onerror: (error) => log.debug('a message was refused', { error }),
  });
  const end = onEnd(async () => {
    await served.close();
    notices.close();
    await cluster.close();
    await running.tracing?.close();
  });
  process.stdin.once('end', end).once('close', end);
  proven.catch((error: unknown) => {
    log.error('ends', { error });
    end();
  });
}
