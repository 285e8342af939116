import * as z from 'zod';
import { list, listMap, stringMap } from './collections.ts';
import { count, quantity, time } from './fields.ts';

/** What is known of a Node. BurstWorkers and permanent Nodes of a pool show the same. */
export const nodeBlock = () =>
  z.strictObject({
    capacity: quantities().optional().describe('What the machine has.'),
    allocatable: quantities().optional().describe('What pods may use of it.'),
    labels: stringMap(64, z.string().max(256)).optional().describe('Its labels, at most 64.'),
    annotations: stringMap(32, z.string().max(256)).optional().describe('Its annotations, at most 32.'),
    addresses: list(
      z.strictObject({
        type: z.string().max(64).describe('Such as InternalIP.'),
        address: z.string().max(253).describe('The address.'),
      }),
      16,
    )
      .optional()
      .describe('Its addresses.'),
    conditions: listMap(
      z.strictObject({
        type: z.string().max(316).describe('The condition.'),
        status: z.string().max(16).describe('Whether it holds.'),
        reason: z.string().max(1024).optional().describe('Why.'),
      }),
      ['type'],
      32,
    )
      .optional()
      .describe('Its conditions, without heartbeats.'),
    unschedulable: z.boolean().optional().describe('Whether it is cordoned.'),
    createdAt: time().optional().describe('When it joined.'),
  });

/** Sums over the pods of a Node. */
export const usageBlock = () =>
  z.strictObject({
    pods: count().optional().describe('How many pods run there.'),
    cpu: quantity().optional().describe('The CPU they request in all.'),
    memory: quantity().optional().describe('The memory they request in all.'),
    observedAt: time().optional().describe('When this was counted.'),
  });

/** How far a drain is, for BurstWorkers, NodeDrains and permanent Nodes alike. */
export const drainBlock = () =>
  z.strictObject({
    startedAt: time().optional().describe('When it began.'),
    deadline: time()
      .optional()
      .describe('When what is left is forced, where forcing is allowed. Counted once, from the start.'),
    wave: z.int().min(-1_000_000_000).max(1_000_000_000).optional().describe('The wave of pods that is leaving.'),
    pods: z
      .strictObject({
        total: count().optional().describe('Pods that have to leave.'),
        evicted: count().optional().describe('Of those, on their way.'),
        waiting: count().optional().describe('Of those, in a later wave.'),
        blocked: count().optional().describe('Of those, not allowed to leave yet.'),
        ignored: count().optional().describe('Pods that may stay.'),
      })
      .optional()
      .describe('Pods by what becomes of them.'),
    blockers: list(
      z.strictObject({
        kind: z.string().max(63).describe('The kind of what is in the way.'),
        namespace: z.string().max(63).optional().describe('Its namespace.'),
        name: z.string().max(253).describe('Its name.'),
        reason: z.string().max(1024).describe('Why it is in the way.'),
        since: time().optional().describe('Since when.'),
      }),
      10,
    )
      .optional()
      .describe('The first ten things in the way.'),
    eta: time().optional().describe('When it will be done, as far as can be told.'),
  });

const quantities = () => stringMap(32, z.string().max(64));
