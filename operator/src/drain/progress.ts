import type { BurstWorkerStatus } from '@cortex/crds';
import { same } from '../published.ts';

const EVERY_MS = 30_000;

type Draining = Pick<BurstWorkerStatus, 'drain' | 'conditions'>;

/**
 * Lets every change of state of a drain through at once, and mere counts of pods and names of volumes every half minute, so
 * that a drain costs no write per pod or volume (contract D19).
 */
export class DrainProgressGate {
  readonly #since = new Map<string, number>();

  admits(uid: string, before: Draining | undefined, status: Draining, now: Date): boolean {
    if (before?.drain === undefined || !same(withoutCounts(before), withoutCounts(status))) {
      this.#since.delete(uid);
      return true;
    }
    const since = this.#since.get(uid) ?? now.getTime();
    this.#since.set(uid, since);
    if (now.getTime() - since < EVERY_MS) return false;
    this.#since.delete(uid);
    return true;
  }
}

function withoutCounts({ drain, conditions, ...rest }: Draining): unknown {
  if (drain === undefined) return { ...rest, conditions };
  const { pods: _pods, wave: _wave, eta: _eta, ...lasting } = drain;
  const said = conditions?.map((each) => (each.type === 'VolumesDetached' ? { ...each, message: '' } : each));
  return { ...rest, conditions: said, drain: lasting };
}
