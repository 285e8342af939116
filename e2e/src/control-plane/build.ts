import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { atExit } from './at-exit.ts';
import { fillOnce } from './fill-once.ts';
import { ETCD, KUBERNETES, KWOK } from './versions.ts';

const MODULES = join(import.meta.dirname, '../../../hack/control-plane');
const [major, minor] = KUBERNETES.slice(1).split('.');
const GIT = 'k8s.io/component-base/version.git';

interface Module {
  readonly name: string;
  readonly packages: readonly string[];
  readonly ldflags: string;
}

/** Without its version built in, kubectl and the feature gates of Kubernetes misbehave. */
const ALL: readonly Module[] = [
  { name: 'etcd', packages: ['.'], ldflags: '' },
  { name: 'kwok', packages: ['kwok', 'kwokctl'].map((name) => `sigs.k8s.io/kwok/cmd/${name}`), ldflags: '' },
  {
    name: 'kubernetes',
    packages: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].map(
      (name) => `k8s.io/kubernetes/cmd/${name}`,
    ),
    ldflags: ` -X ${GIT}Version=${KUBERNETES} -X ${GIT}Major=${major} -X ${GIT}Minor=${minor}`,
  },
];

/** Names what a build makes: the versions, the checksums of every module, the platform. */
export function buildKey(): string {
  const hash = createHash('sha256').update([KUBERNETES, ETCD, KWOK, process.platform, process.arch].join());
  for (const { name } of ALL) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(MODULES, name, file)));
  }
  return `${KUBERNETES}-${hash.digest('hex').slice(0, 12)}`;
}

/** Fills the folder from the Go module proxy, every module verified against go.sum; `say` hears how far it is. */
export function buildInto(folder: string, say: (line: string) => void): Promise<void> {
  const buildAll = async (draft: string) => {
    say(`building the control plane into ${folder}: about six minutes on two cores, once`);
    for (const [i, module] of ALL.entries()) await buildOne(module, draft, `${i + 1} of ${ALL.length}`, say);
  };
  return fillOnce(folder, buildAll, (pid) => say(`waiting for process ${pid}, which is building the control plane`));
}

async function buildOne(module: Module, draft: string, nth: string, say: (line: string) => void): Promise<void> {
  const started = performance.now();
  const tell = (what: string) =>
    say(`${nth}, ${module.name}: ${what} ${Math.round((performance.now() - started) / 1000)} s`);
  const ticker = setInterval(() => tell('building for'), 15_000);
  try {
    await go(module, [
      'build',
      '-trimpath',
      '-ldflags',
      `-s -w${module.ldflags}`,
      '-o',
      `${draft}/`,
      ...module.packages,
    ]);
    tell('built in');
  } finally {
    clearInterval(ticker);
  }
}

async function go(module: Module, args: readonly string[]): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const child = spawn(GO, args, { cwd: join(MODULES, module.name), env, stdio: ['ignore', 'ignore', 'pipe'] });
  using cleanup = new DisposableStack();
  cleanup.defer(atExit(() => child.kill('SIGINT')));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(NO_GO, { cause })));
    child.once('close', resolve);
  });
  const [code, stderr] = await Promise.all([exited, text(child.stderr)]);
  if (code !== 0) {
    throw new Error(
      `go build of ${module.name} failed: ${stderr.trim().slice(-2000)}\n` +
        'Look whether the Go module proxy answers, then run it again, or set KUBEBUILDER_ASSETS to a folder with the programs.',
    );
  }
}

const GO = 'go';

const NO_GO =
  'The control plane is built with Go, which is not here: install Go 1.26 or newer, ' +
  'or set KUBEBUILDER_ASSETS to a folder with the programs.';
