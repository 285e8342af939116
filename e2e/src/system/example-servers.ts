import { type EndpointSlice, EndpointSlices, Deployments, type Workload } from '@cortex/operator/kube/apps';
import { isNotFound } from '@cortex/operator/kube/errors';
import type { Draft } from '@cortex/operator/kube/object';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Cluster, Followed } from './cluster.ts';

const SOURCES = join(import.meta.dirname, '../../../examples/servers');
const END_WITH_PARENT = join(import.meta.dirname, 'end-with-parent.ts');
/** Keeps them until it is told to stop; KUBECONFIG says of which cluster. */
export const EXAMPLE_SERVERS_PROCESS = join(import.meta.dirname, 'example-servers-process.ts');

/** The servers of examples/servers.yaml. */
export const EXAMPLE_SERVERS = ['clock', 'notes'] as const;
export type ExampleServer = (typeof EXAMPLE_SERVERS)[number];

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

/**
 * Lets the example servers live where KWOK plays the pods: while its Deployment is above 0, a server is a process of this
 * machine, and its Service (which has no selector) leads there.
 */
export class ExampleServers implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #address: string;
  readonly #running = new Map<string, Running>();
  readonly #problem: (error: unknown) => void;
  #turn: Promise<void> = Promise.resolve();
  #stop: () => void = () => undefined;

  private constructor(cluster: Cluster, address: string, problem: (error: unknown) => void) {
    this.#cluster = cluster;
    this.#address = address;
    this.#problem = problem;
  }

  /** Throws where this machine has no address but loopback: EndpointSlices refuse that. */
  static async start(cluster: Cluster, problem: (error: unknown) => void): Promise<ExampleServers> {
    const address = hostAddress();
    if (address === undefined)
      throw new Error('This machine has no network address but loopback, which an EndpointSlice may not carry');
    const servers = new ExampleServers(cluster, address, problem);
    servers.#follow(await cluster.follow<Workload>(Deployments));
    return servers;
  }

  /** Ends every process, and takes back what was published. */
  async close(): Promise<void> {
    this.#stop();
    for (const name of this.#running.keys()) this.#then(() => this.#down(name));
    await this.#turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #follow({ store }: Followed<Workload>): void {
    const look = (name: ExampleServer): void =>
      this.#then(() => ((store.get(`default/${name}`)?.spec.replicas ?? 0) > 0 ? this.#up(name) : this.#down(name)));
    this.#stop = store.onChange((key) => {
      const name = EXAMPLE_SERVERS.find((each) => key === `default/${each}`);
      if (name !== undefined) look(name);
    });
    for (const name of EXAMPLE_SERVERS) {
      this.#then(() => this.#takeBack(name)); // what one that was killed has left
      look(name);
    }
  }

  /** One thing after the other. */
  #then(act: () => Promise<void>): void {
    this.#turn = this.#turn.then(act).catch(this.#problem);
  }

  async #up(name: ExampleServer): Promise<void> {
    if (this.#running.has(name)) return;
    const running = await startServer(name, this.#address);
    this.#running.set(name, running);
    await this.#cluster.client.create<EndpointSlice>(EndpointSlices, this.#slice(name, running.port));
  }

  async #down(name: string): Promise<void> {
    const running = this.#running.get(name);
    if (running === undefined) return;
    this.#running.delete(name);
    await this.#takeBack(name);
    await endServer(running.child);
  }

  async #takeBack(name: string): Promise<void> {
    await this.#cluster.client.delete(EndpointSlices, `default/${name}-local`).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  #slice(name: string, port: number): Draft<EndpointSlice> {
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-local`,
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'example-servers' },
      },
      addressType: this.#address.includes(':') ? 'IPv6' : 'IPv4',
      endpoints: [{ addresses: [this.#address], conditions: { ready: true } }],
      ports: [{ name: 'mcp', port, protocol: 'TCP' }],
    };
  }
}

/** An address of this machine that others could reach; undefined where there is none. */
export function hostAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ internal, family, address }) => !internal && !(family === 'IPv6' && address.startsWith('fe80')))
    ?.address;
}

/** Resolves when it serves. */
export async function startServer(name: ExampleServer, host: string): Promise<Running> {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, join(SOURCES, `${name}.ts`)], {
    env: { PATH: process.env['PATH'], HOST: host, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error(`The example server ${name} has no output to read its address from`);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  const port = Number(/:(\d+)\/mcp$/.exec(String(first[0]))?.[1]);
  if (!Number.isInteger(port))
    throw new Error(`The example server ${name} did not start; run node ${name}.ts to see why`);
  return { child, port };
}

async function endServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
