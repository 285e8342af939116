const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const cleanups = new Set<() => void>();

/**
 * Runs the cleanup when this process exits or is told to by a signal; SIGKILL gives no time for it. The returned
 * function takes it back.
 */
export function atExit(cleanup: () => void): () => void {
  if (!process.listeners('exit').includes(runAll)) listen();
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

function listen(): void {
  process.on('exit', runAll);
  for (const signal of SIGNALS) process.on(signal, runAllThenDie);
}

function runAll(): void {
  for (const cleanup of cleanups) {
    cleanups.delete(cleanup);
    cleanup();
  }
}

/** A listener turns off what a signal does by itself; unless somebody else listens too, that is made up for. */
function runAllThenDie(signal: NodeJS.Signals): void {
  runAll();
  process.off(signal, runAllThenDie);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
