import { fork } from 'node:child_process';
import { join } from 'node:path';
import { identityOf } from '../control-plane/processes.ts';

const LAST_ONE_OUT = join(import.meta.dirname, 'last-one-out.ts');

/** One of: a process that was named for ever, the folder of a cluster, a folder and the machines below it. */
export interface Left {
  readonly process?: string | undefined;
  readonly cluster?: string;
  readonly folder?: string;
}

/** Hears what this process must not leave behind. */
export interface Ending {
  process(pid: number): void;
  cluster(folder: string): void;
  folder(path: string): void;
}

/**
 * What is named here ends with this process at the latest, the last first, however that ends: no signal and no crash is seen
 * by another process later than by this one's end of their channel.
 */
export function ending(): Ending {
  const last = fork(LAST_ONE_OUT, {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  last.unref();
  last.channel?.unref();
  const leaves = (left: Left): void => void last.send(left);
  return {
    process: (pid) => leaves({ process: identityOf(pid) }),
    cluster: (folder) => leaves({ cluster: folder }),
    folder: (path) => leaves({ folder: path }),
  };
}
