import { mkdirSync } from 'node:fs';
import { atExit } from './at-exit.ts';
import { findBinaries } from './binaries.ts';
import { createClusterFolder, removeCluster, sweep } from './cluster-folder.ts';
import { type ControlPlane, openControlPlane } from './handle.ts';
import { createCluster } from './kwokctl.ts';
import { lastWords } from './last-words.ts';

export type { AuditEntry } from './audit.ts';
export type { ControlPlane } from './handle.ts';
export { applyManifests, installCrds } from './install.ts';

export interface ControlPlaneOptions {
  /** Names the context of the kubeconfig; default `test`. */
  readonly name?: string;
  /** Log every write at level Metadata, or reads as well. */
  readonly auditPolicy?: boolean | 'everything';
  /** Let etcd wait for the disk, as in production; without, a busy disk does not slow tests down. */
  readonly fsync?: boolean;
  /** Nodes and pods that KWOK advances at once; its own default is 4. */
  readonly kwokParallelism?: number;
  /** After how long a silent kubelet makes its Node NotReady, in seconds; kwokctl's own default is 200. */
  readonly nodeGraceSeconds?: number;
  /** Calls a second of kube-controller-manager; its own default is 20. */
  readonly controllerQps?: number;
  /** Keep the cluster in this empty folder, beyond the life of this process, until `stop`. */
  readonly dir?: string;
  /** Hears what takes long; default: standard error. */
  readonly say?: (line: string) => void;
}

/**
 * Starts etcd, kube-apiserver (with RBAC), kube-controller-manager, kube-scheduler and kwok on loopback ports of
 * their own. KWOK plays the kubelet of Nodes with the annotation `kwok.x-k8s.io/node: fake`. Several may run side by
 * side; each ends with this process at the latest, and what a killed process left ends here, at the next start.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { name = 'test', auditPolicy = false, fsync = false, dir, say = console.error } = options;
  const binaries = await findBinaries(say);
  sweep();
  const folder = dir ?? createClusterFolder();
  const keep = atExit(() => removeCluster(folder));
  try {
    mkdirSync(folder, { recursive: true });
    await createCluster(binaries, folder, {
      name,
      audit: auditPolicy === true ? 'writes' : auditPolicy,
      fsync,
      kwokParallelism: options.kwokParallelism,
      nodeGraceSeconds: options.nodeGraceSeconds,
      controllerQps: options.controllerQps,
    });
  } catch (cause) {
    const words = lastWords(folder);
    removeCluster(folder);
    throw new Error(`control plane ${name} did not start; the ends of its logs:\n${words}`, { cause });
  }
  if (dir) keep();
  return openControlPlane(folder);
}
