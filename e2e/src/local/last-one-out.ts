import { rmSync } from 'node:fs';
import { removeCluster } from '../control-plane/cluster-folder.ts';
import { endAll, isAlive } from '../control-plane/processes.ts';
import { endMachines } from '../qemu/machines.ts';
import type { Left } from './ending.ts';

/** Runs beside a demo in a session of its own: when the demo is gone, it ends what is left of it. */
const left: Left[] = [];

process.on('message', (one: Left) => void left.push(one));
process.once('disconnect', () => {
  // Who starts others comes before them.
  for (const one of left.toReversed()) end(one);
});

function end({ process: identity, cluster, folder }: Left): void {
  if (identity !== undefined) endAll(() => [identity].filter(isAlive).map((alive) => Number.parseInt(alive, 10)));
  if (cluster !== undefined) removeCluster(cluster);
  if (folder === undefined) return;
  endMachines(folder);
  rmSync(folder, { recursive: true, force: true });
}
