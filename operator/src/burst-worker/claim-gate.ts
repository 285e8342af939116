import type { BurstWorker, BurstWorkerStatus, Condition } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { same } from '../published.ts';
import { JOB, WORKER_TTL } from './marks.ts';

const HELD_MS = 15_000;

/**
 * Holds back, for fifteen seconds, what a claim by itself changes in the status of a Ready worker: who has it, until
 * when, the marks on its Node. So a claim costs one write of the worker and one of its Node, however many come at once;
 * until then the claim is in spec.claimRef. Any other news takes it along.
 */
export class ClaimGate {
  readonly #since = new Map<string, number>();

  /** For how many milliseconds this status is not to be written yet; 0 to write it now. */
  heldMs({ metadata, status: before }: BurstWorker, status: BurstWorkerStatus, now: Date): number {
    if (!saysOnlyTheClaim(before, status, this.#since.has(metadata.uid)) || same(before, status)) {
      this.#since.delete(metadata.uid);
      return 0;
    }
    const since = this.#since.get(metadata.uid) ?? now.getTime();
    const left = since + HELD_MS - now.getTime();
    if (left > 0) this.#since.set(metadata.uid, since);
    else this.#since.delete(metadata.uid);
    return Math.max(0, left);
  }
}

/** Where one was held back, a claim that came and went since left a new generation and nothing to say of it. */
function saysOnlyTheClaim(before: BurstWorkerStatus | undefined, status: BurstWorkerStatus, wasHeld: boolean): boolean {
  if (before?.phase !== 'Ready' || status.phase !== 'Ready') return false;
  const [said, says] = [before, status].map(({ conditions }) => conditionOf(conditions, 'Claimed')?.message);
  return (said !== says || wasHeld) && same(withoutTheClaim(before), withoutTheClaim(status));
}

function withoutTheClaim({ expiresAt: _e, hardStopAt: _h, conditions, node, ...rest }: BurstWorkerStatus): unknown {
  return {
    ...rest,
    conditions: conditions?.filter(({ type }) => type !== 'Claimed').map(withoutGeneration),
    node: node && { ...node, labels: without(node.labels, JOB), annotations: without(node.annotations, WORKER_TTL) },
  };
}

function withoutGeneration(condition: Condition): Omit<Condition, 'observedGeneration'> {
  const { observedGeneration: _, ...rest } = condition;
  return rest;
}

const without = (all: Record<string, string> | undefined, mark: string): Record<string, string> =>
  Object.fromEntries(Object.entries(all ?? {}).filter(([key]) => key !== mark));
