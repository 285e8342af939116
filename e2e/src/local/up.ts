import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { applyManifests } from '../control-plane/control-plane.ts';
import { keptFolder, up as keepCluster } from '../control-plane/kept.ts';
import { install, startFacade, startOperator } from '../system/system.ts';
import { startExampleServers } from './example-servers.ts';
import { EXAMPLES } from './examples.ts';
import { endRemembered, remember } from './left-running.ts';
import { Narrator } from './narrator.ts';
import { CLUSTER, LOCAL_FILES } from './places.ts';

/** The whole system, left running; run again it starts operator and facade anew, as they are now, on the same cluster. */
export async function up(): Promise<void> {
  const tell = new Narrator();
  const plane = await keepCluster(CLUSTER);
  tell.say('control plane', `a real Kubernetes API server at ${plane.server}`);
  await endRemembered();
  for (const folder of [LOCAL_FILES.run, LOCAL_FILES.logs]) mkdirSync(folder, { recursive: true });
  copyFileSync(plane.kubeconfigPath, LOCAL_FILES.kubeconfig);
  await install(plane);

  const where = { folder: LOCAL_FILES.run, logs: LOCAL_FILES.logs, detached: true };
  const { operator, url } = await startOperator(plane, where);
  remember('operator', operator.pid);
  tell.say('operator', `metrics and health at ${url}`);
  const { facade, url: mcp } = await startFacade(plane, { ...where, port: facadePort() });
  remember('mcp-facade', facade.pid);
  tell.say('facade', mcp);
  await applyManifests(plane, readFileSync(join(EXAMPLES, 'pools.yaml'), 'utf8'));
  tell.say('examples', 'WorkerPools burst, spot and gpu');
  const serve = await startExampleServers(plane, where);
  tell.say('examples', serve ? 'MCP servers clock (it runs) and notes (stopped until it is wished for)' : NO_SERVERS);
  console.log(next(mcp));
}

const NO_SERVERS = 'no MCP servers: this machine has no network address but loopback, which a Service cannot lead to';

/** The facade's well-known port, so that an MCP client can be pointed at it once. */
function facadePort(): number {
  return Number(process.env['CORTEX_MCP_PORT'] ?? 3000);
}

const here = (path: string): string => relative('', path);

const next = (mcp: string): string => `
What to try next:

  export KUBECONFIG=${here(LOCAL_FILES.kubeconfig)}
  alias kubectl=${here(join(keptFolder(CLUSTER), 'kubectl'))}
  kubectl apply -f examples/allocation.yaml
  kubectl get allocations,burstworkers,workerpools --watch
  kubectl get mcpservers
  kubectl apply -f examples/wish.yaml                 # starts the MCP server notes
  kubectl scale mss start-notes --replicas=0          # and stops it: the process is gone
  kubectl explain allocation.spec

An MCP client speaks to ${mcp}. Logs are in ${here(LOCAL_FILES.logs)}/.
Stop everything with: make down`;
