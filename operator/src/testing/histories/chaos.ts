import {
  type BurstWorker,
  BurstWorkers,
  NodeDrains,
  NodeDrainSpec,
  type NodeDrainStatus,
  WorkerPools,
} from '@cortex/crds';
import { type Node, Nodes, type Pod, Pods } from '../../kube/core.ts';
import type { Chance } from '../random.ts';
import { aWorker, holding } from '../workers.ts';
import { machineOf, place } from './surroundings.ts';
import type { World } from './world.ts';

export interface Deed {
  readonly name: string;
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  readonly do: (world: World, chance: Chance) => void;
}

const NAMES = ['burst-0', 'burst-1', 'burst-2'];
const STRANGER = { clusterId: 'elsewhere', workerUid: '99999999-0000-4000-8000-000000000000' };

const some = <T>(items: readonly T[], chance: Chance, act: (item: T) => void): void => {
  if (items.length > 0) act(chance.of(items));
};
const patchNode = (world: World, { metadata }: Node, patch: object): void =>
  void world.server.patch(Nodes, metadata.name, patch);
const setStatus = (world: World, node: Node, status: object): void =>
  void world.server.updateStatus(Nodes, { ...node, status: { ...node.status, ...status } });

/** Everything that people, machines and other programs do to a cluster while the operator works on it. */
export const DEEDS: readonly Deed[] = [
  { name: 'ask for a worker', weight: 6, do: ask },
  { name: 'delete a worker', weight: 6, do: (world, chance) => some(world.workers, chance, (it) => end(world, it)) },
  {
    name: 'change a ttl',
    weight: 3,
    do: (world, chance) => some(world.workers, chance, (it) => edit(world, chance, it)),
  },
  { name: 'place a pod', weight: 8, do: place },
  { name: 'replace a pod', weight: 8, do: replace },
  { name: 'delete a Node', weight: 2, do: (world, chance) => some(world.nodes, chance, (it) => drop(world, it)) },
  {
    name: 'rename a Node',
    weight: 2,
    do: (world, chance) => some(world.nodes, chance, (it) => rename(world, chance, it)),
  },
  { name: 'exchange a Node', weight: 3, do: (world, chance) => some(world.nodes, chance, (it) => exchange(world, it)) },
  {
    name: 'label a Node',
    weight: 4,
    do: (world, chance) => some(world.nodes, chance, (it) => label(world, chance, it)),
  },
  {
    name: 'annotate a Node',
    weight: 2,
    do: (world, chance) => some(world.nodes, chance, (it) => annotate(world, chance, it)),
  },
  { name: 'change what a Node says it is', weight: 2, do: misreport },
  {
    name: 'cordon or uncordon a Node',
    weight: 3,
    do: (world, chance) =>
      some(world.nodes, chance, (it) => patchNode(world, it, { spec: { unschedulable: chance.isLucky(0.5) || null } })),
  },
  { name: 'drain a Node', weight: 3, do: drain },
  {
    name: 'end a NodeDrain',
    weight: 3,
    do: (world, chance) => some(world.drains, chance, ({ metadata }) => world.server.delete(NodeDrains, metadata.name)),
  },
  {
    name: 'lose a machine',
    weight: 1,
    do: (world, chance) => some([...world.cloud.machines.keys()], chance, (id) => world.cloud.machines.delete(id)),
  },
  {
    name: 'switch a machine off',
    weight: 1,
    do: (world, chance) => some([...world.cloud.machines.values()], chance, (it) => void (it.power = 'off')),
  },
  {
    name: 'give a machine id to a stranger',
    weight: 3,
    do: (world, chance) =>
      some(
        [...world.cloud.machines.values()],
        chance,
        (it) => void world.cloud.plant({ ...STRANGER, name: it.name }, it.id),
      ),
  },
  {
    name: 'make a stranger of our name',
    weight: 2,
    do: (world, chance) => void world.cloud.plant({ ...STRANGER, name: chance.of(NAMES) }),
  },
  { name: 'join a stranger of our name', weight: 2, do: impostor },
  { name: 'edit the pool', weight: 1, do: editPool },
  {
    name: 'wait',
    weight: 12,
    do: (world, chance) => world.elapse(chance.of([1_000, 5_000, 5_000, 31_000, 31_000, 90_000, 310_000])),
  },
  { name: 'restart', weight: 2, do: (world) => world.start() },
  { name: 'crash', weight: 4, do: crash },
  {
    name: 'lose an answer',
    weight: 4,
    do: (world, chance) =>
      void world.misfortunes.push({ after: chance.below(3), kind: chance.of(['lost', 'refused'] as const) }),
  },
];

function ask(world: World, chance: Chance): void {
  const name = chance.of(NAMES);
  if (world.workers.some(({ metadata }) => metadata.name === name)) return;
  const worker = aWorker({ ttl: chance.of(['2m', '10m', '4h']) }, undefined, { name });
  const made = world.server.create(BurstWorkers, worker);
  const resources = { cpu: '4', memory: '8Gi', disk: '100Gi' };
  world.server.updateStatus(BurstWorkers, { ...made, status: { resources, conditions: holding('Admitted') } });
}

const end = (world: World, { metadata }: BurstWorker): void => world.server.delete(BurstWorkers, metadata.name);

function edit(world: World, chance: Chance, { metadata }: BurstWorker): void {
  world.server.patch(BurstWorkers, metadata.name, { spec: { ttl: chance.of(['2m', '10m', '4h']) } });
}

/** Its name comes back on another Node, as that of a StatefulSet's pod does. */
function replace(world: World, chance: Chance): void {
  some(world.pods, chance, ({ metadata }: Pod) => {
    const key = `${metadata.namespace}/${metadata.name}`;
    world.server.patch(Pods, key, { metadata: { finalizers: [] } });
    if (world.pods.some((pod) => pod.metadata.name === metadata.name)) world.server.delete(Pods, key);
    place(world, chance);
  });
}

function drop(world: World, { metadata }: Node): void {
  world.server.delete(Nodes, metadata.name);
}

/** Its kubelet comes back under another name; the old Node may stay for a while. */
function rename(world: World, chance: Chance, node: Node): void {
  const name = `renamed-${chance.below(3)}`;
  if (world.nodes.some(({ metadata }) => metadata.name === name)) return;
  const again = world.server.create(Nodes, { ...node, metadata: { name, labels: node.metadata.labels ?? {} } });
  world.oracle.truth.set(again.metadata.uid, world.oracle.truth.get(node.metadata.uid) ?? '');
  if (chance.isLucky(0.7)) drop(world, node);
}

/** Somebody deletes a Node, and another machine joins under its name. */
function exchange(world: World, node: Node): void {
  drop(world, node);
  const nodeInfo = { systemUUID: STRANGER.workerUid };
  const labels = { ...node.metadata.labels, 'worker-type': 'burst' };
  const annotations = node.metadata.annotations ?? {};
  const status = { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo };
  world.server.create(Nodes, { ...node, metadata: { name: node.metadata.name, labels, annotations }, status });
}

function label(world: World, chance: Chance, node: Node): void {
  const labels = chance.of([
    { 'worker-type': 'permanent' },
    { 'worker-type': null },
    { 'node-role.kubernetes.io/control-plane': '' },
    { 'node-role.kubernetes.io/control-plane': null },
    { 'cortex.automation/job': 'tampered' },
  ]);
  patchNode(world, node, { metadata: { labels } });
}

function annotate(world: World, chance: Chance, node: Node): void {
  const uids = [...world.workers.map(({ metadata }) => metadata.uid), STRANGER.workerUid];
  const annotations = chance.of([
    { 'cortex.automation/worker-uid': chance.of(uids) },
    { 'cortex.automation/worker-uid': null },
    { 'cortex.automation/before-cordon': 'nonsense' },
    { 'cortex.automation/before-cordon': null },
  ]);
  patchNode(world, node, { metadata: { annotations } });
}

/** Another machine's Node says that it is one of ours. */
function misreport(world: World, chance: Chance): void {
  const strangers = world.nodes.filter(({ metadata }) => !world.oracle.truth.has(metadata.uid));
  some(strangers, chance, (node) => {
    const machines = [...world.nodes.map(machineOf), ...world.workers.map(({ metadata }) => metadata.uid), ''];
    setStatus(world, node, { nodeInfo: { systemUUID: chance.of(machines) } });
  });
}

function drain(world: World, chance: Chance): void {
  const name = `drain-${chance.below(2)}`;
  if (world.drains.some(({ metadata }) => metadata.name === name)) return;
  some(world.nodes, chance, ({ metadata }) => {
    const onDeadline = chance.of(['Hold', 'ForceDelete']);
    const spec = NodeDrainSpec.parse({ nodeName: metadata.name, timeout: chance.of(['1m', '10m']), onDeadline });
    world.server.create(NodeDrains, {
      apiVersion: 'cortex.automation/v1alpha1',
      kind: 'NodeDrain',
      metadata: { name },
      spec,
      status: {} satisfies NodeDrainStatus,
    });
  });
}

/** Another machine joins under a name that a worker's Node is to have. */
function impostor(world: World, chance: Chance): void {
  const name = chance.of(NAMES);
  if (world.nodes.some(({ metadata }) => metadata.name === name)) return;
  const systemUUID = chance.of([STRANGER.workerUid, '']);
  const status = { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { systemUUID } };
  world.server.create(Nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status });
}

function editPool(world: World, chance: Chance): void {
  const onNodeDeleted = chance.of(['Rejoin', 'Terminate']);
  world.server.patch(WorkerPools, 'burst', {
    spec: { onNodeDeleted, drain: { timeout: chance.of(['1m', '5m', '2h']) } },
  });
}

function crash(world: World, chance: Chance): void {
  if (chance.isLucky(0.5)) world.crashAtHypervisor(chance.of(['before', 'after'] as const));
  else world.misfortunes.push({ after: chance.below(3), kind: chance.of(['crash before', 'crash after'] as const) });
}
