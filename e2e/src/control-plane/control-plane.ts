import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditEntry, readAudit } from './audit.ts';
import { findBinaries } from './binaries.ts';
import { createClusterFolder, sweep } from './cluster-folder.ts';
import { toKubeconfig } from './kubeconfig.ts';
import { createCluster } from './kwokctl.ts';
import { own, release, remove } from './ownership.ts';
import { waitUntilServed } from './ready.ts';
import { run } from './run.ts';
import type { Binaries } from './versions.ts';

export type { AuditEntry } from './audit.ts';
export { applyManifests, installCrds } from './install.ts';

export interface ControlPlaneOptions {
  /** Names the context of the kubeconfig; default `test`. */
  readonly name?: string;
  /** Log every write at level Metadata. */
  readonly auditPolicy?: boolean;
  /** Let etcd wait for the disk, as in production; without, a busy disk does not slow tests down. */
  readonly fsync?: boolean;
  /** Nodes and pods that KWOK advances at once; its own default is 4. */
  readonly kwokParallelism?: number;
  /** Keep the cluster in this folder, beyond the life of this process, until `removeCluster(dir)`. */
  readonly dir?: string;
  /** Hears what takes long; default: standard error. */
  readonly say?: (line: string) => void;
}

export interface ControlPlane {
  /** The text of an administrator's kubeconfig; it needs no other file. */
  readonly kubeconfig: string;
  readonly kubeconfigPath: string;
  readonly server: string;
  readonly auditLogPath?: string;
  /** The writes so far; throws unless started with `auditPolicy`. */
  audit(): Promise<AuditEntry[]>;
  /** Runs kubectl as administrator; returns what it prints, throws with what it says. */
  kubectl(args: readonly string[], options?: { readonly input?: string }): Promise<string>;
  /** Resolves when every path of the API answers 200. */
  served(paths: readonly string[]): Promise<void>;
  /** Ends the processes and removes every file. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver (with RBAC), kube-controller-manager, kube-scheduler and kwok on loopback ports of
 * their own. KWOK plays the kubelet of Nodes with the annotation `kwok.x-k8s.io/node: fake`. Several may run side by
 * side; each ends with this process at the latest, and what a killed process left ends here, at the next start.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await findBinaries(options.say ?? ((line) => console.error(line)));
  sweep();
  const folder = options.dir ?? createClusterFolder();
  own(folder);
  try {
    const plane = await start(binaries, folder, options);
    if (options.dir) release(folder);
    return plane;
  } catch (error) {
    remove(folder);
    throw error;
  }
}

async function start(binaries: Binaries, folder: string, options: ControlPlaneOptions): Promise<ControlPlane> {
  const { name = 'test', auditPolicy: audit = false, fsync = false, kwokParallelism } = options;
  mkdirSync(folder, { recursive: true });
  const { credentials, auditLog } = await createCluster(binaries, folder, { name, audit, fsync, kwokParallelism });
  const kubeconfig = toKubeconfig(name, credentials);
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  return {
    kubeconfig,
    kubeconfigPath,
    server: credentials.server,
    ...(audit ? { auditLogPath: auditLog } : {}),
    audit: () => readAudit(auditLog),
    kubectl: (args, { input = '' } = {}) => run(binaries.kubectl, ['--kubeconfig', kubeconfigPath, ...args], { input }),
    served: (paths) => waitUntilServed(credentials, paths),
    stop: async () => remove(folder),
  };
}
