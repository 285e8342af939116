import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { auditPolicy } from './audit.ts';
import { type AdminCredentials, toKubeconfig } from './kubeconfig.ts';
import { kwokConfig } from './kwok-config.ts';
import { type Ports, reservePorts } from './ports.ts';
import { waitUntilServed } from './ready.ts';
import { run } from './run.ts';
import { type Binaries, KUBERNETES } from './versions.ts';

export interface ClusterOptions {
  readonly name: string;
  readonly fsync: boolean;
  readonly audit: false | 'writes' | 'everything';
  readonly kwokParallelism: number | undefined;
  readonly nodeGraceSeconds: number | undefined;
  readonly controllerQps: number | undefined;
}

/** Creates a cluster in the folder, which is to be empty, and waits until it is ready: then it holds `kubeconfig`. */
export async function createCluster(binaries: Binaries, folder: string, options: ClusterOptions): Promise<void> {
  const { name, fsync, audit, kwokParallelism: parallelism, ...components } = options;
  using reserved = await reservePorts();
  const { ports } = reserved;
  const auditLog = audit ? join(folder, 'audit.log') : undefined;
  writeFileSync(join(folder, 'kwok.yaml'), kwokConfig({ ports, fsync, auditLog, parallelism, ...components }));
  writeFileSync(join(folder, 'audit-policy.yaml'), stringify(auditPolicy(audit === 'everything')));
  // What is started by a path below the folder ends with the folder.
  for (const program of ['kwokctl', 'kubectl'] as const) symlinkSync(binaries[program], join(folder, program));
  await run(join(folder, 'kwokctl'), createArgs(binaries, folder, name, audit !== false), { env: environment(folder) });

  const credentials = adminCredentials(join(folder, 'clusters', name), ports);
  await waitUntilServed(credentials);
  writeFileSync(join(folder, 'kubeconfig'), toKubeconfig(name, credentials), { mode: 0o600 });
}

/** kwokctl asks with the kubectl of PATH whether the API server answers, and where there is none tries to download one. */
function environment(folder: string): NodeJS.ProcessEnv {
  const path = [folder, process.env['PATH']].filter(Boolean).join(delimiter);
  return { ...process.env, PATH: path, KWOK_WORKDIR: folder, KWOK_KUBE_VERSION: KUBERNETES };
}

function adminCredentials(cluster: string, ports: Ports): AdminCredentials {
  const [ca, cert, key] = ['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFileSync(join(cluster, 'pki', file)));
  if (!ca || !cert || !key) throw new Error(`${cluster}/pki is incomplete`);
  return { server: `https://127.0.0.1:${ports.kubeApiserverPort}`, ca, cert, key };
}

function createArgs(binaries: Binaries, folder: string, name: string, audit: boolean): string[] {
  const flags = {
    name,
    runtime: 'binary',
    timeout: '60s',
    kubeconfig: join(folder, 'kwokctl-kubeconfig'),
    'etcd-binary': binaries.etcd,
    'kube-apiserver-binary': binaries['kube-apiserver'],
    'kube-controller-manager-binary': binaries['kube-controller-manager'],
    'kube-scheduler-binary': binaries['kube-scheduler'],
    'kwok-controller-binary': binaries.kwok,
    ...(audit ? { 'kube-audit-policy': join(folder, 'audit-policy.yaml') } : {}),
  };
  return ['create', 'cluster', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)];
}
