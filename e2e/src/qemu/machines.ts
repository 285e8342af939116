import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endAll } from '../control-plane/processes.ts';

/** The machines whose folders are there, by the UIDs of their workers. */
export function machinesIn(folder: string): string[] {
  const machines = join(folder, 'machines');
  return existsSync(machines)
    ? readdirSync(machines)
        .filter((name) => !name.startsWith('.'))
        .toSorted()
    : [];
}

/** The processes of machines that were started below this folder. */
export function processesOf(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandOf(pid).some((arg) => arg.startsWith(`${folder}/machines/`))).map(Number);
}

/** Pulls the plug of every machine below this folder. */
export function endMachines(folder: string): void {
  endAll(() => processesOf(folder));
}

function commandOf(pid: string): string[] {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return program.includes('qemu-system') ? args : [];
  } catch {
    return [];
  }
}
