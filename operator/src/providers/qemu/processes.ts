import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { FILES } from './command.ts';

/**
 * The process of a machine: the one that its pid file names, if it was started in this folder for this UUID. A number alone
 * may be anybody's by now.
 */
export async function processOf(folder: string, uuid: string): Promise<number | undefined> {
  const pid = Number((await readFile(join(folder, FILES.pid), 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const said = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
  return said('-uuid') === uuid && said('-pidfile') === join(folder, FILES.pid) ? pid : undefined;
}

/** Ends the process of a machine that does not answer; nothing else ever gets the signal. */
export async function killMachine(folder: string, uuid: string): Promise<void> {
  const pid = await processOf(folder, uuid);
  if (pid !== undefined) kill(pid, 'SIGKILL');
}
