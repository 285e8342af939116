import { type Amount, cores } from './amount.ts';
import type { Refusal } from './pool-choice.ts';

const MIB = 2 ** 20;

/** Why a need does not fit into what is available, in the words of api.md; undefined when it fits. */
export function insufficient(needed: Amount, available: Amount, alreadyThere: number): Refusal | undefined {
  if (needed.workers > available.workers)
    return {
      reason: 'InsufficientWorkers',
      message: `Insufficient workers: requested ${needed.workers + alreadyThere}, available ${available.workers + alreadyThere}`,
    };
  if (needed.cpu > available.cpu)
    return {
      reason: 'InsufficientCPU',
      message: `Insufficient CPU: needed ${cores(needed.cpu)}, available ${cores(available.cpu)}`,
    };
  if (needed.memory > available.memory)
    return {
      reason: 'InsufficientMemory',
      message: `Insufficient memory: needed ${Math.ceil(needed.memory / MIB)}MB, available ${Math.floor(available.memory / MIB)}MB`,
    };
  return undefined;
}

/** Why a request can never fit; such a request blocks nobody (contract A9). */
export function exceedsLimits(needed: Amount, total: Amount): Refusal | undefined {
  const short = insufficient(needed, total, 0);
  return short && { reason: 'ExceedsMaxQuota', message: `${short.message} (the pool's limit)` };
}
