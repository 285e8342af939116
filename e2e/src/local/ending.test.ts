import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createClusterFolder, removeCluster } from '../control-plane/cluster-folder.ts';
import { isAlive } from '../control-plane/processes.ts';
import { endMachines, processesOf } from '../qemu/machines.ts';

test.for(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'a demo that gets %s leaves no machine, no process and no folder',
  async (signal) => {
    const { demo, folder, cluster, child } = await demoWithMachine();
    expect(processesOf(folder)).toHaveLength(1);

    demo.kill(signal);

    await vi.waitFor(() => expect([folder, cluster].filter(existsSync)).toEqual([]), { timeout: 30_000 });
    expect(processesOf(folder)).toEqual([]);
    expect(isAlive(child)).toBe(false);
  },
);

test('a demo that ends by itself is not held up', async () => {
  const { demo, folder } = await demoWithMachine();
  const exited = once(demo, 'exit');

  demo.stdin?.end();

  expect(await exited).toEqual([0, null]);
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 30_000 });
});

/** A process that leaves a machine, a child and the folder of a cluster to its end, as the demo does; it ends with its input. */
async function demoWithMachine(): Promise<{ demo: ChildProcess; folder: string; cluster: string; child: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ending-'));
  const cluster = createClusterFolder();
  mkdirSync(join(folder, 'machines'));
  const demo = spawn(process.execPath, ['-e', DEMO, import.meta.dirname, folder, cluster], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    demo.kill('SIGKILL');
    endMachines(folder);
    removeCluster(cluster);
  });
  const [child] = (await once(demo.stdout, 'data')) as [Buffer];
  return { demo, folder, cluster, child: child.toString().trim() };
}

/** The machine has the command line of one of QEMU, by which it is found. */
const DEMO = `
const [, here, folder, cluster] = process.argv;
const { spawn } = await import('node:child_process');
const { ending } = await import(here + '/ending.ts');
const { identityOf } = await import(here + '/../control-plane/processes.ts');
const end = ending();
end.folder(folder);
end.cluster(cluster);
const idle = ['-e', 'setInterval(() => {}, 1000)', '--', folder + '/machines/one/pid'];
const apart = { detached: true, stdio: 'ignore' };
spawn(process.execPath, idle, { argv0: 'qemu-system-x86_64', ...apart }).unref();
const child = spawn(process.execPath, idle.slice(0, 2), apart);
child.unref();
end.process(child.pid);
process.stdin.resume();
console.log(identityOf(child.pid));
`;
