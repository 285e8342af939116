import type { BurstWorker, BurstWorkerStatus } from '@cortex/crds';
import { same } from '../published.ts';

const EVERY_MS = 10_000;

/**
 * Lets every change of state of a retiring worker through at once, and mere counts of pods every ten seconds,
 * so that a drain costs no write per pod (contract D19).
 */
export class DrainProgressGate {
  readonly #since = new Map<string, number>();

  admits({ metadata, status: before }: BurstWorker, status: BurstWorkerStatus, now: Date): boolean {
    if (before?.drain === undefined || !same(withoutCounts(before), withoutCounts(status))) {
      this.#since.delete(metadata.uid);
      return true;
    }
    const since = this.#since.get(metadata.uid) ?? now.getTime();
    this.#since.set(metadata.uid, since);
    if (now.getTime() - since < EVERY_MS) return false;
    this.#since.delete(metadata.uid);
    return true;
  }
}

function withoutCounts({ drain, ...rest }: BurstWorkerStatus): unknown {
  if (drain === undefined) return rest;
  const { pods: _pods, wave: _wave, eta: _eta, ...lasting } = drain;
  return { ...rest, drain: lasting };
}
