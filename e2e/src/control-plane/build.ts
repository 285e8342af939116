import { join } from 'node:path';
import { fillOnce } from './fill-once.ts';
import { goBuild, goBuildKey, type GoModule } from './go-build.ts';
import { ETCD, KUBERNETES, KWOK } from './versions.ts';

const MODULES = join(import.meta.dirname, '../../../hack/control-plane');
const [major, minor] = KUBERNETES.slice(1).split('.');
const GIT = 'k8s.io/component-base/version.git';
const INSTEAD = 'set KUBEBUILDER_ASSETS to a folder with the programs of a control plane';

const moduleOf = (name: string, packages: readonly string[], ldflags = ''): GoModule => ({
  name,
  folder: join(MODULES, name),
  packages,
  ldflags,
  instead: INSTEAD,
});

/** Without its version built in, kubectl and the feature gates of Kubernetes misbehave. */
const ALL: readonly GoModule[] = [
  moduleOf('etcd', ['.']),
  moduleOf(
    'kwok',
    ['kwok', 'kwokctl'].map((name) => `sigs.k8s.io/kwok/cmd/${name}`),
  ),
  moduleOf(
    'kubernetes',
    ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].map(
      (name) => `k8s.io/kubernetes/cmd/${name}`,
    ),
    ` -X ${GIT}Version=${KUBERNETES} -X ${GIT}Major=${major} -X ${GIT}Minor=${minor}`,
  ),
];

/** Names what a build makes. */
export const buildKey = (): string => goBuildKey([KUBERNETES, ETCD, KWOK], ALL);

/** Fills the folder from the Go module proxy, every module verified against go.sum; `say` hears how far it is. */
export function buildInto(folder: string, say: (line: string) => void): Promise<void> {
  const buildAll = async (draft: string) => {
    say(`building the control plane into ${folder}: about six minutes on two cores, once`);
    for (const [i, module] of ALL.entries()) {
      await goBuild(module, draft, (line) => say(`${i + 1} of ${ALL.length}, ${line}`));
    }
  };
  return fillOnce(folder, buildAll, (pid) => say(`waiting for process ${pid}, which is building the control plane`));
}
