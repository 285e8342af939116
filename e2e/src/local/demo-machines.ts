import { type Allocation, Allocations, type BurstWorker, BurstWorkers } from '@cortex/crds';
import { Nodes } from '@cortex/operator/kube/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyManifests, type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { openGateway } from '../qemu/gateway.ts';
import { guestImages, lacksGuests } from '../qemu/guest.ts';
import { endMachines, machinesIn, processesOf } from '../qemu/machines.ts';
import { qemuPool } from '../qemu/pool.ts';
import { Cluster } from '../system/cluster.ts';
import { allocation } from '../system/story.ts';
import { install, startOperator } from '../system/system.ts';
import { isReady, kubectl, narrate } from './demo.ts';
import { ending } from './ending.ts';
import { Narrator } from './narrator.ts';

const KEY = 'default/on-real-machines';

/** The main job on real virtual machines of this host: made, booted, joined with tokens of their own, drained, gone. */
export async function demoOnMachines(): Promise<void> {
  const lacks = lacksGuests();
  if (lacks !== undefined) throw new Error(`PROVIDER=qemu needs QEMU: ${lacks}`);
  const tell = new Narrator();
  const images = guestImages();
  tell.say('guest', `the image that machines boot is in ${images}`);
  const end = ending();
  const folder = mkdtempSync(join(tmpdir(), 'cortex-vms-'));
  end.folder(folder);
  const plane = await startControlPlane({ name: 'demo', say: (line) => tell.say('control plane', line) });
  end.cluster(dirname(plane.kubeconfigPath));
  try {
    await install(plane);
    await using gateway = await openGateway(plane);
    const env = { CORTEX_QEMU_FOLDER: folder, CORTEX_QEMU_IMAGES: images };
    const { operator } = await startOperator(plane, { folder }, { env });
    end.process(operator.pid);
    tell.mark('control plane, CRDs, operator');
    await applyManifests(plane, qemuPool(gateway.port));
    await life(plane, folder, tell);
    await operator.end();
  } finally {
    endMachines(folder);
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  tell.summary();
}

async function life(plane: ControlPlane, folder: string, tell: Narrator): Promise<void> {
  await using cluster = await Cluster.connect(plane.kubeconfig);
  const allocations = await cluster.follow<Allocation>(Allocations);
  const workers = await cluster.follow<BurstWorker>(BurstWorkers);
  const nodes = await cluster.follow(Nodes);
  narrate(allocations, workers, nodes, tell);

  tell.command('kubectl apply -f -   # an Allocation of 2 workers in a pool of type Qemu');
  await applyManifests(plane, allocation('on-real-machines', 'workers: {count: 2}\nttl: 60s'));
  await allocations.until(KEY, isReady, 180_000);
  tell.mark('Allocation applied to Ready on 2 real machines');
  tell.say(
    'machines',
    `${processesOf(folder).length} processes of qemu-system-x86_64, pids ${processesOf(folder).join(', ')}`,
  );
  const columns =
    'custom-columns=NODE:.metadata.name,SYSTEM-UUID:.status.nodeInfo.systemUUID,KERNEL:.status.nodeInfo.kernelVersion';
  await kubectl(plane, ['get', 'nodes', '-o', columns], tell);
  await kubectl(plane, ['get', 'bw', '-o', 'custom-columns=WORKER:.metadata.name,UID:.metadata.uid'], tell);

  await allocations.until(KEY, ({ status }) => status?.phase === 'Released', 180_000);
  await workers.eventually((all) => (all.length === 0 ? true : undefined), 'the workers to go');
  tell.mark('ttl over, drained, powered off, gone');
  const left = [...machinesIn(folder), ...processesOf(folder)];
  if (left.length > 0) throw new Error(`machines are left: ${left.join(', ')}`);
  tell.say('machines', 'neither a process nor a folder is left');
}
