import { type Allocation, Allocations, type BurstWorker, BurstWorkers } from '@cortex/crds';
import { type Node, Nodes } from '@cortex/operator/kube/core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyManifests, type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { Cluster, type Followed } from '../system/cluster.ts';
import { callTool } from '../system/mcp.ts';
import { install, startFacade, startOperator } from '../system/system.ts';
import { ending } from './ending.ts';
import { EXAMPLES } from './examples.ts';
import { Narrator } from './narrator.ts';

const KEY = 'default/feature-dev-001';

/** The main job on a real local cluster: applied, Ready, extended once, expired, drained, gone. */
export async function demo(): Promise<void> {
  const tell = new Narrator();
  const end = ending();
  const folder = mkdtempSync(join(tmpdir(), 'cortex-demo-'));
  end.folder(folder);
  const plane = await startControlPlane({ name: 'demo', say: (line) => tell.say('control plane', line) });
  end.cluster(dirname(plane.kubeconfigPath));
  tell.say('control plane', `a real Kubernetes API server at ${plane.server}`);
  try {
    await install(plane);
    const { operator } = await startOperator(plane, { folder });
    end.process(operator.pid);
    const { facade, url } = await startFacade(plane, { folder });
    end.process(facade.pid);
    tell.say('system', `operator and MCP facade run under their own ServiceAccounts (${url})`);
    tell.mark('control plane, CRDs, operator, facade');
    await life(plane, url, tell);
    await facade.end();
    await operator.end();
    tell.mark('everything stopped');
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  tell.summary();
}

async function life(plane: ControlPlane, facadeUrl: string, tell: Narrator): Promise<void> {
  await using cluster = await Cluster.connect(plane.kubeconfig);
  const allocations = await cluster.follow<Allocation>(Allocations);
  const workers = await cluster.follow<BurstWorker>(BurstWorkers);
  const nodes = await cluster.follow(Nodes);
  narrate(allocations, workers, nodes, tell);

  await apply(plane, 'pools.yaml', tell);
  await apply(plane, 'job.yaml', tell);
  await apply(plane, 'allocation.yaml', tell);
  const ready = await allocations.until(KEY, isReady);
  tell.say('placement', JSON.stringify(ready.status?.placement));
  tell.mark('Allocation applied to Ready on 3 workers');

  await kubectl(plane, ['rollout', 'status', 'deployment/feature-dev', '--timeout=30s'], tell);
  await kubectl(plane, ['get', 'alloc,bw,wp'], tell);
  await askFacade(facadeUrl, tell);
  await kubectl(plane, ['patch', 'alloc', 'feature-dev-001', '--type', 'merge', '-p', '{"spec":{"ttl":"65s"}}'], tell);
  await allocations.until(KEY, ({ status }) => status?.expiresAt !== ready.status?.expiresAt);
  tell.mark('used, asked about by MCP, extended once');

  await allocations.until(KEY, ({ status }) => status?.phase === 'Releasing', 90_000);
  tell.mark('ttl over');
  await allocations.until(KEY, ({ status }) => status?.phase === 'Released', 60_000);
  tell.mark('drained, VMs and Nodes gone, Finished');
  if (workers.store.size + nodes.store.size > 0)
    throw new Error('the Allocation is Finished, but workers or Nodes of it are left');
  await kubectl(plane, ['get', 'alloc,bw,nodes'], tell);
}

export const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

async function apply(plane: ControlPlane, file: string, tell: Narrator): Promise<void> {
  tell.command(`kubectl apply -f examples/${file}`);
  await applyManifests(plane, readFileSync(join(EXAMPLES, file), 'utf8'));
}

export async function kubectl(plane: ControlPlane, args: string[], tell: Narrator): Promise<void> {
  tell.command(`kubectl ${args.map((arg) => (/[{" ]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`);
  for (const line of (await plane.kubectl(args)).trimEnd().split('\n')) console.log(`         ${line}`);
}

async function askFacade(url: string, tell: Narrator): Promise<void> {
  tell.command(`MCP tools/call get_capacity at ${url}`);
  const capacity = await callTool(url, 'get_capacity', {});
  tell.say(
    'facade',
    `available: ${String(capacity['available_workers'])} of ${String(capacity['total_workers'])} workers`,
  );
}

/** One line for every change of state, as it is seen. */
export function narrate(
  allocations: Followed<Allocation>,
  workers: Followed<BurstWorker>,
  nodes: Followed<Node>,
  tell: Narrator,
): void {
  allocations.store.onChange((_key, now, before) => {
    const line = (object: Allocation | undefined) => object && allocationLine(object);
    if (now !== undefined && line(now) !== line(before)) tell.say('allocation', allocationLine(now));
  });
  workers.store.onChange((key, now, before) => {
    const phase = now?.status?.phase ?? (now === undefined ? 'gone' : 'Requested');
    if (phase !== before?.status?.phase) tell.say('worker', `${key} ${phase}`);
  });
  nodes.store.onChange((key, now, before) => {
    if (now === undefined) tell.say('node', `${key} gone`);
    else if (before === undefined) tell.say('node', `${key} joined`);
    else if (now.spec.unschedulable === true && before.spec.unschedulable !== true) tell.say('node', `${key} cordoned`);
  });
}

function allocationLine({ spec, status }: Allocation): string {
  if (status === undefined)
    return `Queued  ${spec.workers?.count ?? 0} workers, priority ${spec.priority}, ttl ${spec.ttl}`;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const until = status.expiresAt === undefined ? '' : `  until ${status.expiresAt}`;
  return `${status.phase ?? ''}  ${ready?.reason ?? ''}: ${ready?.message ?? ''}${until}`;
}
