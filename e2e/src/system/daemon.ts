import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atExit } from '../control-plane/at-exit.ts';

const DIST = join(import.meta.dirname, '../../../dist');

export interface DaemonOptions {
  readonly name: 'operator' | 'mcp-facade' | 'example-servers';
  /** What it runs; default: the bundle of its name in dist/. */
  readonly script?: string;
  /** The kubeconfig is kept here, and the log unless `logs` says where. */
  readonly folder: string;
  readonly logs?: string;
  readonly kubeconfig: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It outlives this process; any other ends with it, also where a test failed before it was ended. */
  readonly detached?: boolean;
  readonly args?: readonly string[];
}

/** One process of the product from its bundle, or one that plays a part beside it. */
export class Daemon {
  readonly pid: number;
  /** Monotonic milliseconds. */
  readonly startedAt = performance.now();
  readonly log: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(options: DaemonOptions) {
    const { name, folder, logs = folder, kubeconfig, env = {}, detached = false, args = [] } = options;
    const { script = join(DIST, `${name}.mjs`) } = options;
    const kubeconfigPath = join(folder, `${name}.kubeconfig`);
    this.log = join(logs, `${name}.log`);
    writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
    const out = openSync(this.log, 'a');
    this.#child = spawn(process.execPath, ['--enable-source-maps', ...NODE_FLAGS[name], script, ...args], {
      env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfigPath, XDG_STATE_HOME: folder, ...env },
      stdio: ['ignore', out, out],
      detached,
    });
    closeSync(out);
    this.#exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
    const cleanup = (): void => void this.#child.kill('SIGKILL');
    if (detached) this.#child.unref();
    else this.#child.once('exit', atExit(cleanup));
    if (this.#child.pid === undefined)
      throw new Error(`${name} could not be started: is ${script} built? Run: npm run build`);
    this.pid = this.#child.pid;
  }

  /** Waits until this address answers 200; throws with the end of the log when the process ends before. */
  async answers(url: string): Promise<void> {
    const deadline = Date.now() + 30_000;
    let last = 'nothing';
    while (this.#child.exitCode === null && Date.now() < deadline) {
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok) return await answer.body?.cancel();
      if (answer !== undefined) last = `${answer.status} ${(await answer.text()).trim()}`;
      await pause(20);
    }
    throw new Error(`${url} does not answer 200 but ${last}; the log ends:\n${tail(this.log)}`);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its exit code, once it ended by itself; null when a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#exited;
  }

  /** Asks it to end and waits until it has; answers its exit code, null when a signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.running) this.#child.kill(signal);
    return await this.#exited;
  }
}

/** As in the images (hack/images/Dockerfile). */
export const NODE_FLAGS: Readonly<Record<DaemonOptions['name'], readonly string[]>> = {
  operator: ['--max-semi-space-size=4'],
  'mcp-facade': ['--max-semi-space-size=4', '--no-concurrent-recompilation'],
  'example-servers': ['--max-semi-space-size=4'],
};

const tail = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
