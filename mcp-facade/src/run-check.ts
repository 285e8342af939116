import { profileFor } from './config.ts';
import { report, selfOf } from './power.ts';
import { clusterFor, namespaceOf, type Running } from './running.ts';

/** Prints who this is to the cluster, what it may do, and whether the CRDs are there. */
export async function runCheck(running: Running): Promise<void> {
  const { line, config } = running;
  const cluster = await clusterFor(running);
  try {
    const self = await selfOf(cluster, namespaceOf(running, cluster));
    const crds = await cluster.list('pools').then(
      (pools) => `installed, ${pools.length} WorkerPools`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    process.stdout.write(report(self, profileFor('stdio', line.profile, config), crds));
  } finally {
    await cluster.close();
  }
}
