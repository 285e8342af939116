import { readFileSync } from 'node:fs';
import { Cluster } from './cluster.ts';
import { ExampleServers } from './example-servers.ts';

/** Keeps the example servers of the cluster that KUBECONFIG names, until it is told to stop. */
const cluster = await Cluster.connect(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8'));
const servers = await ExampleServers.start(cluster, (error) => console.error(error));
console.log('the example servers follow their Deployments');
process.once('SIGTERM', () => {
  void servers.close().then(() => cluster.close());
});
