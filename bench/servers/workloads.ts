import { Deployments, type Workload } from '@cortex/operator/kube/apps';
import type { Draft } from '@cortex/operator/kube/object';
import { applyManifests } from '@cortex/e2e/control-plane';
import { node } from '@cortex/e2e/system/servers';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

const LONGEST_MS = 300_000;

/** So many Deployments with the label of MCP servers, one pod of each Running; nobody has adopted them yet. */
export async function runWorkloads({ plane, cluster }: Rig, n: number): Promise<void> {
  await applyManifests(plane, node('servers'));
  const deployments = await cluster.follow<Workload>(Deployments);
  const ready = new Tally('Deployments are ready', deployments, (each) => each?.status?.readyReplicas === 1);
  await Promise.all([
    inFlight(n, IN_FLIGHT, (i) => cluster.client.create<Workload>(Deployments, workload(`server-${i}`))),
    ready.reaches(n, LONGEST_MS),
  ]);
}

const workload = (name: string): Draft<Workload> =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels: { 'app.kubernetes.io/component': 'mcp-server', app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'server', image: 'played-by-kwok' }] },
      },
    },
  }) as Draft<Workload>;
