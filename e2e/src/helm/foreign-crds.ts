import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../control-plane/run.ts';

const HACK = join(import.meta.dirname, '../../../hack');

const PROMETHEUS = 'github.com/prometheus-operator/prometheus-operator';
const ARGOCD = 'github.com/argoproj/argo-cd/v3';
const FLUX = 'github.com/fluxcd';

/** The CRDs of the kinds for Prometheus. */
export const monitoringCrds = async (): Promise<string[]> => {
  const kinds = ['podmonitors', 'servicemonitors', 'prometheusrules'];
  const files = kinds.map((kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`);
  return await published('monitoring', PROMETHEUS, files);
};

/** Those of ArgoCD and Flux; what makes HelmReleases is not published as a Go module. */
export const gitopsCrds = async (): Promise<string[]> => {
  const all = await Promise.all([
    published(
      'gitops',
      ARGOCD,
      ['application', 'appproject'].map((kind) => `manifests/crds/${kind}-crd.yaml`),
    ),
    published('gitops', `${FLUX}/source-controller`, [fluxFile('source', 'gitrepositories')]),
    published('gitops', `${FLUX}/kustomize-controller`, [fluxFile('kustomize', 'kustomizations')]),
  ]);
  return all.flat();
};

const fluxFile = (group: string, kind: string): string => `config/crd/bases/${group}.toolkit.fluxcd.io_${kind}.yaml`;

/** Files as a project publishes them: from the Go module proxy, verified against go.sum. */
async function published(module: string, upstream: string, files: readonly string[]): Promise<string[]> {
  const json = await run('go', ['mod', 'download', '-json', upstream], { cwd: join(HACK, module) });
  const { Dir: folder } = JSON.parse(json) as { Dir: string };
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
}
