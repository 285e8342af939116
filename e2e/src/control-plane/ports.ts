import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { clustersFolder } from './cluster-folder.ts';
import { tryLock } from './lock.ts';

/** As KwokctlConfiguration names them. */
const NAMES = [
  'etcdPort',
  'etcdPeerPort',
  'kubeApiserverPort',
  'kubeControllerManagerPort',
  'kubeSchedulerPort',
  'kwokControllerPort',
] as const;

export type Ports = Readonly<Record<(typeof NAMES)[number], number>>;

/**
 * Finds a block of free ports and keeps other starts away from it until it is disposed of, which is to be done
 * once the ports are listened on. kwokctl's own choice begins at the same port in every process, so that two
 * starts at once take the same. Blocks lie below the ports that the kernel gives to outgoing connections.
 */
export async function reservePorts(): Promise<{ ports: Ports } & Disposable> {
  for (;;) {
    const first = 12_000 + randomInt(2_000) * 10;
    const lock = tryLock(join(clustersFolder(), `ports-${first}.lock`));
    if (!lock) continue;
    const ports = NAMES.map((name, i) => [name, first + i] as const);
    const free = await Promise.all(ports.map(([, port]) => isFree(port)));
    if (!free.includes(false))
      return { ports: Object.fromEntries(ports) as Ports, [Symbol.dispose]: () => lock.release() };
    lock.release();
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
