import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { AUDIT_POLICY } from './audit.ts';
import { type AdminCredentials, adminCredentials } from './kubeconfig.ts';
import { kwokConfig } from './kwok-config.ts';
import { reservePorts } from './ports.ts';
import { waitUntilServed } from './ready.ts';
import { run } from './run.ts';
import { type Binaries, KUBERNETES } from './versions.ts';

export interface ClusterOptions {
  readonly name: string;
  readonly fsync: boolean;
  readonly audit: boolean;
  readonly kwokParallelism: number | undefined;
}

export interface Cluster {
  readonly credentials: AdminCredentials;
  readonly auditLog: string;
}

/** Creates a cluster in the folder, which is to be empty, and waits until it is ready. */
export async function createCluster(binaries: Binaries, folder: string, options: ClusterOptions): Promise<Cluster> {
  using reserved = await reservePorts();
  writeFileSync(join(folder, 'kwok.yaml'), kwokConfig(reserved.ports, options.kwokParallelism));
  writeFileSync(join(folder, 'audit-policy.yaml'), stringify(AUDIT_POLICY));
  // Started by a path below the folder, it is one of the processes that end with the folder.
  symlinkSync(binaries.kwokctl, join(folder, 'kwokctl'));
  const env = { ...process.env, KWOK_WORKDIR: folder, KWOK_KUBE_VERSION: KUBERNETES };
  await run(join(folder, 'kwokctl'), createArgs(binaries, folder, options), { env });

  const cluster = join(folder, 'clusters', options.name);
  const credentials = adminCredentials(cluster, reserved.ports.kubeApiserverPort);
  await waitUntilServed(credentials);
  return { credentials, auditLog: join(cluster, 'logs', 'audit.log') };
}

function createArgs(binaries: Binaries, folder: string, { name, fsync, audit }: ClusterOptions): string[] {
  const binary = (component: string, path: string) => [`--${component}-binary`, path];
  return [
    ...['create', 'cluster', '--name', name, '--runtime', 'binary', '--kubeconfig', join(folder, 'kwokctl-kubeconfig')],
    ...binary('etcd', binaries.etcd),
    ...binary('kube-apiserver', binaries['kube-apiserver']),
    ...binary('kube-controller-manager', binaries['kube-controller-manager']),
    ...binary('kube-scheduler', binaries['kube-scheduler']),
    ...binary('kwok-controller', binaries.kwok),
    ...(audit ? ['--kube-audit-policy', join(folder, 'audit-policy.yaml')] : []),
    ...extraArgs(fsync, audit).flatMap((arg) => ['--extra-args', arg]),
  ];
}

/** kwokctl lets KWOK play the kubelet of every Node; then a Node whose machine never answers could not be shown. */
function extraArgs(fsync: boolean, audit: boolean): string[] {
  return [
    'kwok-controller=manage-all-nodes=false',
    'kwok-controller=manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
    ...(fsync ? [] : ['etcd=unsafe-no-fsync=true']),
    // In MB: one file, however long the run.
    ...(audit ? ['kube-apiserver=audit-log-maxsize=100000'] : []),
  ];
}
