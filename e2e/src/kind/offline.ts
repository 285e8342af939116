import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../control-plane/run.ts';
import { freePort } from '../system/system.ts';
import { type KindCluster, kubectlWith } from './kind-cluster.ts';
import { NODE_IMAGE } from './images.ts';

const BESIDE = join(import.meta.dirname, '../../../../shared/tools/kind-offline');
const CACHE = process.env['KROOT'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kind-offline');
const BIN = join(CACHE, 'bin');
const NETWORK = '/run/netns/kindns';
const NAME = 'kind';
const API = '127.0.0.1:16443';

/** The folder of the tool that makes a kind cluster where no registry answers; undefined where there is none. */
export function offlineTool(): string | undefined {
  const folder = process.env['KIND_OFFLINE'] ?? BESIDE;
  return existsSync(join(folder, '50-up.sh')) && process.getuid?.() === 0 ? folder : undefined;
}

/** Its container engine and cluster live in a network of their own, which is led out of to a port here. */
export async function startOffline(tool: string, say: (line: string) => void): Promise<KindCluster> {
  const isBuilt = existsSync(join(CACHE, 'node.tar'));
  if (!isBuilt) say('the node image is built first: about ten minutes on two cores, once');
  await script(join(tool, isBuilt ? '50-up.sh' : 'all.sh'), say);
  const folder = mkdtempSync(join(tmpdir(), 'cortex-kind-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  const port = await freePort();
  const forward = spawn(join(BIN, 'nsfwd'), [NETWORK, `127.0.0.1:${port}=${API}`], { stdio: 'ignore' });
  writeFileSync(kubeconfigPath, readFileSync(join(CACHE, 'kubeconfig'), 'utf8').replace(API, `127.0.0.1:${port}`));
  await importNode();
  return {
    kubeconfigPath,
    kubectl: kubectlWith(join(BIN, 'kubectl'), kubeconfigPath),
    docker,
    load: async (...images) => {
      const load = ['load', 'docker-image', '--name', NAME, ...images];
      await run('nsenter', [`--net=${NETWORK}`, join(BIN, 'kind'), ...load], { env: ENGINE });
    },
    async stop() {
      await ended(forward);
      rmSync(folder, { recursive: true });
      await script(join(tool, '90-down.sh'), say);
    },
  };
}

const ENGINE: NodeJS.ProcessEnv = {
  ...process.env,
  DOCKER_HOST: `unix://${CACHE}/docker.sock`,
  DOCKER_CONFIG: join(CACHE, 'dockercfg'),
  DOCKER_API_VERSION: undefined,
  DOCKER_BUILDKIT: '0',
};

const docker: KindCluster['docker'] = async (args, options = {}) =>
  await run('docker', args, { ...options, env: ENGINE });

/** The base of our images, made of the Debian tree of the nodes and the Node that npm installed. */
async function importNode(): Promise<void> {
  const there = await docker(['image', 'inspect', NODE_IMAGE]).catch(() => '');
  if (there !== '') return;
  await docker(['import', join(CACHE, 'base.tar'), 'debian:local']);
  const input = 'FROM debian:local\nCOPY node /usr/local/bin/node\nENV PATH=/usr/local/bin:/usr/bin:/bin\n';
  await docker(['build', '--tag', NODE_IMAGE, '--file', '-', dirname(process.execPath)], { input });
}

/** Runs one stage of the tool, line by line. */
async function script(path: string, say: (line: string) => void): Promise<void> {
  const env = { ...process.env, NAME, WORKERS: '2' };
  const child = spawn('bash', [path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      last.push(line);
      if (/^[\d:]+\t|^cluster up/.test(line)) say(line);
    });
  if ((await exited) !== 0) throw new Error(`${path} failed:\n${last.slice(-30).join('\n')}`);
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await gone;
}
