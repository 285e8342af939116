import { removeCluster } from './cluster-folder.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const owned = new Set<string>();

/** The cluster in this folder ends with this process, however it ends (after SIGKILL: at the next start's sweep). */
export function own(folder: string): void {
  owned.add(folder);
  if (process.listeners('exit').includes(removeOwned)) return;
  process.on('exit', removeOwned);
  for (const signal of SIGNALS) process.on(signal, removeThenDie);
}

/** The cluster outlives this process. */
export function release(folder: string): void {
  owned.delete(folder);
}

/** Ends the cluster now. */
export function remove(folder: string): void {
  removeCluster(folder);
  release(folder);
}

function removeOwned(): void {
  for (const folder of owned) remove(folder);
}

/** A listener turns off what a signal does by itself; unless somebody else listens too, that is made up for. */
function removeThenDie(signal: NodeJS.Signals): void {
  removeOwned();
  process.off(signal, removeThenDie);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
