import { TAINT } from '@cortex/crds';
import { type Node, Nodes, type Pod, Pods } from '../../kube/core.ts';
import { bornNode } from '../../providers/kwok/node.ts';
import type { Chance } from '../random.ts';
import { aPod, owner } from '../pods.ts';
import type { World } from './world.ts';

const KUBELET = 'test/kubelet';
const GRACE_MS = 30_000;

/** What goes on in a cluster without anybody: machines join, kubelets answer or fall silent, pods end, others are placed. */
export function goOn(world: World): void {
  for (const machine of world.cloud.machines.values())
    if (machine.clusterId === 'here' && machine.power === 'on') join(world, machine.name, machine.workerUid);
  for (const node of world.nodes) answer(world, node);
  for (const pod of world.pods) end(world, pod);
}

/** A kubelet registers under its name; one whose name another Node has takes that Node for its own, as kubelets do. */
function join(world: World, name: string, machine: string): void {
  if (world.nodes.some((node) => machineOf(node) === machine)) return;
  const named = world.nodes.find(({ metadata }) => metadata.name === name);
  const born = bornNode(
    {
      clusterId: 'here',
      workerUid: machine,
      name,
      pool: 'burst',
      size: { cpu: '4', memory: '8Gi' },
      labels: { 'cortex.automation/job': '', 'cortex.automation/worker': name },
      annotations: {},
      taints: [{ key: 'cortex.automation/job', value: '', effect: 'NoSchedule' }],
      bootDelayMs: 0,
    },
    {},
  );
  const really = ({ metadata }: { metadata: { uid: string } }) => world.oracle.truth.set(metadata.uid, machine);
  if (named === undefined) really(world.server.create(Nodes, born));
  else if (machineOf(named) === '') {
    really(named);
    world.server.updateStatus(Nodes, { ...named, status: { ...named.status, nodeInfo: { systemUUID: machine } } });
  }
}

/** A kubelet is Ready while its machine runs, or while nobody knows of a machine. */
function answer(world: World, node: Node): void {
  const machine = [...world.cloud.machines.values()].find(({ workerUid }) => workerUid === machineOf(node));
  const ours = world.workers.some(({ metadata }) => metadata.uid === machineOf(node));
  const status = machine?.power === 'on' || (machine === undefined && !ours) ? 'True' : 'Unknown';
  if (node.status?.conditions?.[0]?.status === status) return;
  world.server.updateStatus(Nodes, { ...node, status: { ...node.status, conditions: [{ type: 'Ready', status }] } });
}

/** A kubelet lets a pod go once its grace is over. */
function end(world: World, { metadata }: Pod): void {
  const { deletionTimestamp, name, namespace } = metadata;
  if (deletionTimestamp === undefined || world.now.getTime() < Date.parse(deletionTimestamp) + GRACE_MS) return;
  world.server.patch(Pods, `${namespace}/${name}`, { metadata: { finalizers: [] } });
}

const KINDS_OF_POD = [
  {},
  {},
  { owners: [] },
  { annotations: { 'cortex.automation/do-not-evict': 'true' } },
  { owners: [owner('Node')] },
  { spec: { tolerations: [{ operator: 'Exists' as const }] } },
];

/** The scheduler puts a pod on some Node that takes pods, which a taint of ours forbids; names come back, as those of StatefulSets do. */
export function place(world: World, chance: Chance): void {
  const open = world.nodes.filter(
    ({ spec, status }) =>
      spec.unschedulable !== true &&
      !(spec.taints ?? []).some(({ key }) => key === TAINT.draining) &&
      status?.conditions?.[0]?.status === 'True',
  );
  if (open.length === 0) return;
  const name = `pod-${chance.below(4)}`;
  if (world.pods.some(({ metadata }) => metadata.name === name)) return;
  const change = chance.of(KINDS_OF_POD);
  const home = chance.of(open).metadata;
  const pod = aPod({
    ...change,
    name,
    createdAt: world.now.toISOString(),
    spec: { ...change.spec, nodeName: home.name },
  });
  const placed = world.server.create(Pods, { ...pod, metadata: { ...pod.metadata, finalizers: [KUBELET] } });
  world.oracle.homes.set(placed.metadata.uid, home.uid);
}

export const machineOf = ({ status }: Node): string => status?.nodeInfo?.systemUUID ?? '';
