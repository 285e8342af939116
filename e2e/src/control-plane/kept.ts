import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeCluster } from './cluster-folder.ts';
import { startControlPlane } from './control-plane.ts';
import { type ControlPlane, openControlPlane } from './handle.ts';
import { crdManifests, installCrds } from './install.ts';
import { type Lock, waitForLock } from './lock.ts';
import { processesOf } from './processes.ts';

const STATE = join(import.meta.dirname, '../../../.local/cluster');
/** etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok. */
const COMPONENTS = 5;

/** Where the cluster of this name is: one that outlives the process that started it. */
export function keptFolder(name: string): string {
  return join(STATE, name);
}

/** The cluster of this name, or undefined unless all of it runs. */
export function keptCluster(name: string): ControlPlane | undefined {
  const folder = keptFolder(name);
  const isReady = existsSync(join(folder, 'kubeconfig'));
  const runs = isReady && processesOf(join(folder, 'clusters')).length === COMPONENTS;
  return runs ? openControlPlane(folder) : undefined;
}

/** The names of all kept clusters, running or not. */
export function keptNames(): string[] {
  if (!existsSync(STATE)) return [];
  const entries = readdirSync(STATE, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/**
 * Starts the cluster, unless it runs, and installs the CRDs of this project as they are now. What is left of a
 * cluster that fell is removed first.
 */
export async function up(name: string): Promise<ControlPlane> {
  using _ = await exclusively(name);
  const plane = keptCluster(name) ?? (await startAnew(name));
  if (crdManifests().length > 0) await installCrds(plane);
  return plane;
}

/** Ends the cluster and removes its files; false when there was none. */
export async function down(name: string): Promise<boolean> {
  if (!existsSync(keptFolder(name))) return false;
  using _ = await exclusively(name);
  removeCluster(keptFolder(name));
  return true;
}

function startAnew(name: string): Promise<ControlPlane> {
  removeCluster(keptFolder(name));
  return startControlPlane({ name, dir: keptFolder(name) });
}

function exclusively(name: string): Promise<Lock> {
  mkdirSync(STATE, { recursive: true });
  return waitForLock(`${keptFolder(name)}.lock`);
}
