import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Incomplete } from './measured.ts';

/** Of one process, in MB: what it has resident now, and the most it ever had. */
export interface Memory {
  readonly resident: number;
  readonly peak: number;
}

const LOOK_EVERY_MS = 500;
/** V8 looks every eight seconds whether a process that has come to rest has something to give back. */
const STILL_MS = 15_000;
const STILL_MB = 1;
const LONGEST_MS = 90_000;

/** What a process has resident once that has stopped moving: what a burst leaves behind is collected a moment later. */
export async function memoryAtRest(pid: number): Promise<Memory> {
  const deadline = performance.now() + LONGEST_MS;
  let last = memoryOf(pid);
  for (let since = performance.now(); performance.now() - since < STILL_MS && performance.now() < deadline; ) {
    await pause(LOOK_EVERY_MS);
    const now = memoryOf(pid);
    if (Math.abs(now.resident - last.resident) > STILL_MB) [last, since] = [now, performance.now()];
  }
  return memoryOf(pid);
}

/** VmRSS and VmHWM of proc_pid_status(5). */
function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kib === undefined) throw new Incomplete(`/proc/${pid}/status tells no ${name}`);
    return (Number(kib) * 1024) / 1e6;
  };
  return { resident: field('VmRSS'), peak: field('VmHWM') };
}
