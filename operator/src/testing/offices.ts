import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { Office } from '../admission/office.ts';
import type { Candidate } from '../admission/queue.ts';
import { sentence } from './verdicts.ts';
import { at, pool } from './world.ts';

const burst = pool('burst', { limits: { workers: 5 } });

export interface Scene {
  readonly waiting: readonly Candidate[];
  readonly pools?: readonly WorkerPool[];
  readonly allocations?: readonly Allocation[];
  readonly workers?: readonly BurstWorker[];
  readonly now?: string;
  readonly hasServer?: (key: string) => boolean;
}

/** An office that has heard of everything in the scene. */
export function officeOf({
  waiting,
  pools = [burst],
  allocations = [],
  workers = [],
  hasServer = () => true,
}: Scene): Office {
  const office = new Office({ labelsOf: () => ({}), lacks: () => undefined, hasServer });
  for (const each of pools) office.poolChanged(each, undefined);
  for (const each of workers) office.workerChanged(each, undefined);
  for (const each of [...allocations, ...waiting]) {
    if (each.kind === 'Allocation') office.allocationChanged(each, undefined);
    else office.workerChanged(each, undefined);
  }
  return office;
}

/** What the loop decides, a sentence each. */
export const decided = (scene: Scene): string[] =>
  officeOf(scene)
    .pass(at(scene.now ?? '10:00:00'))
    .map(sentence);

/** What the loop decides about those who wait, in the order in which they are given here. */
export function verdicts(scene: Scene): string[] {
  const told = officeOf(scene).pass(at(scene.now ?? '10:00:00'));
  return scene.waiting.flatMap((one) => told.filter(({ candidate }) => candidate === one).map(sentence));
}
