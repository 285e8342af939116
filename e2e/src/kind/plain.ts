import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run } from '../control-plane/run.ts';
import { type KindCluster, kubectlWith } from './kind-cluster.ts';

const NAME = 'cortex-e2e';

/** A cluster of the kind on PATH; its node image comes from a registry. */
export async function startPlain(say: (line: string) => void): Promise<KindCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'cortex-kind-'));
  const [config, kubeconfigPath] = [join(folder, 'kind.yaml'), join(folder, 'kubeconfig')];
  writeFileSync(config, stringify(CLUSTER));
  say(`kind creates cluster ${NAME}`);
  const where = ['--name', NAME, '--kubeconfig', kubeconfigPath];
  await run('kind', ['create', 'cluster', ...where, '--config', config, '--wait', '180s']);
  return {
    kubeconfigPath,
    kubectl: kubectlWith('kubectl', kubeconfigPath),
    docker: async (args, options) => await run('docker', args, options),
    load: async (...images) => void (await run('kind', ['load', 'docker-image', '--name', NAME, ...images])),
    async stop() {
      await run('kind', ['delete', 'cluster', ...where]);
      rmSync(folder, { recursive: true });
    },
  };
}

const CLUSTER = {
  kind: 'Cluster',
  apiVersion: 'kind.x-k8s.io/v1alpha4',
  nodes: [{ role: 'control-plane' }, { role: 'worker' }, { role: 'worker' }],
};
