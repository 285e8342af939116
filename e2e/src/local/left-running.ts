import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identityOf, isAlive } from '../control-plane/processes.ts';
import { LOCAL_FILES } from './places.ts';

const PIDS = join(LOCAL_FILES.run, 'pids');
const GRACE_MS = 15_000;

/** Remembers a process that outlives this one, by its identity: a pid alone may be another process tomorrow. */
export function remember(name: string, pid: number): void {
  const identity = identityOf(pid);
  if (identity === undefined) throw new Error(`${name} has ended already`);
  mkdirSync(PIDS, { recursive: true });
  writeFileSync(join(PIDS, name), identity);
}

/** Asks every remembered process to end, waits for it, and forgets it; answers the names of those that ran. */
export async function endRemembered(): Promise<string[]> {
  const names = existsSync(PIDS) ? readdirSync(PIDS) : [];
  const ended = await Promise.all(names.map(async (name) => ((await end(join(PIDS, name))) ? [name] : [])));
  return ended.flat();
}

async function end(file: string): Promise<boolean> {
  const identity = readFileSync(file, 'utf8');
  const ran = isAlive(identity);
  if (ran) {
    process.kill(Number.parseInt(identity, 10), 'SIGTERM');
    await untilGone(identity);
  }
  rmSync(file);
  return ran;
}

/** The kernel tells no stranger when a process ends, so it is looked for. */
async function untilGone(identity: string): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  while (isAlive(identity)) {
    if (performance.now() > deadline) process.kill(Number.parseInt(identity, 10), 'SIGKILL');
    await pause(20);
  }
}
