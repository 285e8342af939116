import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { identityOf, isAlive } from './processes.ts';

/** Held by this process until released; a process that dies holds nothing. */
export interface Lock extends Disposable {
  release(): void;
}

/** Takes the lock, unless a living process holds it. The folder of the file must exist. */
export function tryLock(file: string): Lock | undefined {
  for (;;) {
    if (claim(file)) {
      const release = () => rmSync(file, { force: true });
      return { release, [Symbol.dispose]: release };
    }
    const holder = holderOf(file);
    if (holder && isAlive(holder)) return undefined;
    if (holder !== undefined) bury(file, holder);
  }
}

/** Waits until the lock is free; `onWait` hears once which pid holds it. */
export async function waitForLock(file: string, onWait: (pid: number) => void = () => {}): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    const lock = tryLock(file);
    if (lock) return lock;
    if (!waited) onWait(Number.parseInt(holderOf(file) ?? '', 10));
    await setTimeout(200);
  }
}

/** A link appears with its content and never replaces a file, so nobody reads a lock without a holder. */
function claim(file: string): boolean {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, identityOf(process.pid) ?? '');
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Only one of several finders can move the file; whoever moved a fresh lock by being late puts it back. */
function bury(file: string, deadHolder: string): void {
  const grave = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, grave);
    if (holderOf(grave) !== deadHolder) linkSync(grave, file);
  } catch {
    // Another finder was first; the next attempt sees what it left.
  }
  rmSync(grave, { force: true });
}
