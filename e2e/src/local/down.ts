import { rmSync } from 'node:fs';
import { down as removeCluster, keptNames } from '../control-plane/kept.ts';
import { endRemembered } from './left-running.ts';
import { CLUSTER, LOCAL, LOCAL_FILES } from './places.ts';

/** Ends everything that `up` left running, and removes what it wrote. */
export async function down(): Promise<void> {
  const ended = await endRemembered();
  const cluster = await removeCluster(CLUSTER);
  for (const path of Object.values(LOCAL_FILES)) rmSync(path, { recursive: true, force: true });
  if (keptNames().length === 0) rmSync(LOCAL, { recursive: true, force: true });
  const gone = [...ended, ...(cluster ? ['the cluster'] : [])];
  console.log(gone.length === 0 ? 'nothing was running' : `ended: ${gone.join(', ')}`);
}
