import { readFileSync } from 'node:fs';

/** Clock ticks a second: sysconf(_SC_CLK_TCK), 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of CPU that each of these groups of processes took since they began, and the whole machine since boot. */
export interface CpuTimes {
  readonly groups: Readonly<Record<string, number>>;
  readonly machine: number;
  readonly at: number;
}

export type Groups = Readonly<Record<string, readonly number[]>>;

/** Undefined where there is no /proc. */
export function cpuTimes(groups: Groups): CpuTimes | undefined {
  const machine = machineSeconds();
  if (machine === undefined) return undefined;
  const sums = Object.entries(groups).map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + secondsOf(pid), 0)]);
  return { groups: Object.fromEntries(sums), machine, at: performance.now() };
}

/** What each group took between two readings, in seconds, and how many cores everybody else kept busy meanwhile. */
export function cpuBetween(before: CpuTimes | undefined, after: CpuTimes | undefined): Record<string, number> {
  if (before === undefined || after === undefined) return {};
  const took = Object.entries(after.groups).map(([name, now]) => [name, now - (before.groups[name] ?? 0)] as const);
  const ours = took.reduce((sum, [, seconds]) => sum + seconds, 0);
  const others = Math.max(0, after.machine - before.machine - ours) / ((after.at - before.at) / 1000);
  return Object.fromEntries(
    [...took, ['othersCores', others] as const].map(([name, x]) => [name, Number(x.toFixed(2))]),
  );
}

/** Fields 14 and 15 of proc_pid_stat(5); zero of a process that is gone. */
function secondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** Busy seconds of all cores: user, nice, system, irq, softirq and steal of proc_stat(5). */
function machineSeconds(): number | undefined {
  const fields = /^cpu +(?<numbers>[\d ]+)$/m.exec(read('/proc/stat'))?.groups?.['numbers']?.split(' ').map(Number);
  if (fields === undefined) return undefined;
  return [0, 1, 2, 5, 6, 7].reduce((sum, i) => sum + (fields[i] ?? 0), 0) / TICKS;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
