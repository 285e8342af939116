import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditEntry, readAudit } from './audit.ts';
import { fromKubeconfig } from './kubeconfig.ts';
import { removeCluster } from './cluster-folder.ts';
import { waitUntilServed } from './ready.ts';
import { run } from './run.ts';

export interface ControlPlane {
  /** The text of an administrator's kubeconfig; it needs no other file. */
  readonly kubeconfig: string;
  readonly kubeconfigPath: string;
  readonly server: string;
  readonly auditLogPath?: string;
  /** Every request in the log that was answered by now; throws unless started with `auditPolicy`. */
  audit(): Promise<AuditEntry[]>;
  /** Runs kubectl as administrator; returns what it prints, throws with what it says. */
  kubectl(args: readonly string[], options?: { readonly input?: string }): Promise<string>;
  /** Resolves when every path of the API answers 200. */
  served(paths: readonly string[]): Promise<void>;
  /** Ends the processes and removes every file. */
  stop(): Promise<void>;
}

/** The control plane that was started in this folder. */
export function openControlPlane(folder: string): ControlPlane {
  const kubeconfigPath = join(folder, 'kubeconfig');
  const kubeconfig = readFileSync(kubeconfigPath, 'utf8');
  const credentials = fromKubeconfig(kubeconfig);
  const auditLog = join(folder, 'audit.log');
  return {
    kubeconfig,
    kubeconfigPath,
    server: credentials.server,
    ...(existsSync(auditLog) ? { auditLogPath: auditLog } : {}),
    audit: () => readAudit(auditLog, credentials),
    kubectl: (args, options) => run(join(folder, 'kubectl'), ['--kubeconfig', kubeconfigPath, ...args], options),
    served: (paths) => waitUntilServed(credentials, paths),
    stop: async () => removeCluster(folder),
  };
}
