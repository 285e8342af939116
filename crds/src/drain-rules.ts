import * as z from 'zod';
import { duration } from './fields.ts';

/** How a Node is emptied: the same words for a pool's workers and for a NodeDrain. */
export const drainRules = {
  timeout: duration()
    .default('10m')
    .describe('How long a drain may take, counted once from its start: then comes the deadline.'),
  gracePeriod: duration()
    .default('5m')
    .describe("The most of a pod's own terminationGracePeriodSeconds that is honoured."),
  volumeDetachTimeout: duration()
    .default('5m')
    .describe('How long volumes that are still attached are waited for once the pods have left; 0s: not at all.'),
  daemonSets: z
    .enum(['Skip', 'EvictLast'])
    .default('Skip')
    .describe('Pods of DaemonSets stay (Skip), or leave after all others (EvictLast).'),
  unmanagedPods: z
    .enum(['Evict', 'Block'])
    .default('Evict')
    .describe('Pods without an owner, which nothing would bring back: they are evicted, or they block the drain.'),
};

/** What happens at the deadline. */
export const onDeadline = (otherwise: 'ForceDelete' | 'Hold') =>
  z
    .enum(['ForceDelete', 'Hold'])
    .default(otherwise)
    .describe(
      'At the deadline the pods that are left are deleted (ForceDelete), or the drain waits for a person (Hold).',
    );
