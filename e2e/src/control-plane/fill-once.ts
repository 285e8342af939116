import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { waitForLock } from './lock.ts';

/**
 * Lets `fill` make a folder that is there as a whole or not at all. Of several processes that want the same folder
 * one fills it and the others wait for it; `onWait` hears for which pid.
 */
export async function fillOnce(
  folder: string,
  fill: (draft: string) => Promise<void>,
  onWait: (pid: number) => void,
): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  using _ = await waitForLock(`${folder}.lock`, onWait);
  if (existsSync(folder)) return;
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  try {
    await fill(draft);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
