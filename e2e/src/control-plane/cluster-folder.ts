import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { tryLock } from './lock.ts';
import { endAll, identityOf, isAlive, processesOf } from './processes.ts';

/**
 * A folder for one cluster of this process. Its name says whose it is from its first moment, so that a crash at any
 * later one leaves nothing that `sweep` cannot judge.
 */
export function createClusterFolder(): string {
  return mkdtempSync(join(clustersFolder(), `${identityOf(process.pid)}-`));
}

/** Removes what dead processes left: the processes of their clusters, the folders, and their locks. */
export function sweep(): void {
  const root = clustersFolder();
  for (const name of readdirSync(root).filter((entry) => isLeftBehind(entry, isAlive))) {
    removeCluster(join(root, name));
  }
  for (const name of readdirSync(root).filter((entry) => entry.endsWith('.lock'))) {
    tryLock(join(root, name))?.release();
  }
}

/** Whether the folder of this name belongs to a process that is gone. Other names are not ours to judge. */
export function isLeftBehind(folder: string, alive: (identity: string) => boolean): boolean {
  const owner = /^(\d+-\w+)-\w{6}$/.exec(basename(folder))?.[1];
  return owner !== undefined && !alive(owner);
}

/**
 * Ends every program that was started from the folder, then removes it. Synchronous, for it also runs while a
 * process exits. Nothing in a cluster is worth a graceful end: its data goes with it.
 */
export function removeCluster(folder: string): void {
  endAll(() => processesOf(folder));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Where the clusters of all processes of this user are; nobody else may look into it, for it holds admin keys. */
export function clustersFolder(): string {
  const { uid } = userInfo();
  const root = join(tmpdir(), `cortex-control-planes-${uid}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const found = lstatSync(root);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) {
    throw new Error(`${root} belongs to somebody else: remove it, or set TMPDIR to a folder of your own`);
  }
  return root;
}
