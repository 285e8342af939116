import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * Names a process for ever: its pid and the moment it started, so that a pid given out again is another process.
 * Undefined when no such process runs.
 */
export function identityOf(pid: number): string | undefined {
  const started = process.platform === 'linux' ? startTicks(pid) : ps('-o', 'lstart=', '-p', String(pid));
  return started ? `${pid}-${started.replaceAll(/\W+/g, '')}` : undefined;
}

/** Whether the process that was named this way still runs. */
export function isAlive(identity: string): boolean {
  return identityOf(Number.parseInt(identity, 10)) === identity;
}

/** The processes whose program was started by a path below the folder. */
export function processesOf(folder: string): number[] {
  const below = folder.endsWith(sep) ? folder : folder + sep;
  return [...programs()].filter(([, program]) => program.startsWith(below)).map(([pid]) => pid);
}

/** Kills what is found until nothing is. Synchronous, for it also runs while a process exits. */
export function endAll(find: () => readonly number[]): void {
  for (let running = find(); running.length > 0; running = find()) {
    for (const pid of running) end(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the look and the signal.
  }
}

/** Field 22 of proc_pid_stat(5), in clock ticks since boot; the second field is a name that may hold spaces. */
function startTicks(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : rest[18];
}

function* programs(): Generator<[pid: number, program: string]> {
  if (process.platform === 'linux') {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      yield [Number(pid), read(`/proc/${pid}/cmdline`).split('\0', 1)[0] ?? ''];
    }
    return;
  }
  for (const [, pid, program] of ps('-axo', 'pid=,args=').matchAll(/^\s*(\d+)\s+(.*)$/gm)) {
    yield [Number(pid), program ?? ''];
  }
}

/** Empty when the process is gone, or not ours to read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function ps(...args: string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
