import * as z from 'zod';
import { drainBlock, nodeBlock, usageBlock } from './blocks.ts';
import { listMap } from './collections.ts';
import { conditions } from './condition.ts';
import { count, quantity, time } from './fields.ts';

const Amount = z.strictObject({
  workers: count().optional().describe('Workers. Unset where nothing limits them.'),
  cpu: quantity().optional().describe('CPU, in cores. Unset where nothing limits it.'),
  memory: quantity().optional().describe('Memory, in bytes. Unset where nothing limits it.'),
});

export const WorkerPoolStatus = z.strictObject({
  workers: z
    .strictObject({
      total: count().optional().describe('All of them.'),
      ready: count().optional().describe('Ready.'),
      claimed: count().optional().describe('Used by an Allocation.'),
      warm: count().optional().describe('Ready, free and claimable.'),
      provisioning: count().optional().describe('On their way up.'),
      draining: count().optional().describe('On their way down.'),
      failed: count().optional().describe('Failed.'),
    })
    .optional()
    .describe('Its workers by state.'),
  capacity: z
    .strictObject({
      total: Amount.optional().describe(
        'What it has: its limits; of class Permanent, what its Nodes can give to pods.',
      ),
      reserved: Amount.optional().describe('What is given away.'),
      available: Amount.optional().describe('What a request could get now.'),
    })
    .optional()
    .describe('Its capacity.'),
  queue: z
    .strictObject({
      pending: count().optional().describe('Allocations that wait.'),
      oldestSince: time().optional().describe('Since when the oldest of them waits.'),
    })
    .optional()
    .describe('Who waits for it.'),
  nodes: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The Node.'),
      phase: z.string().max(32).optional().describe('Its phase.'),
      node: nodeBlock().optional().describe('What is known of it.'),
      usage: usageBlock().optional().describe('What its pods request.'),
      drain: drainBlock().optional().describe('How far its drain is.'),
    }),
    ['name'],
    200,
  )
    .optional()
    .describe('Class Permanent only: its Nodes.'),
  breaker: z
    .strictObject({
      why: z.string().max(1024).optional().describe('Why removals are stopped. Unset while they are not.'),
      refused: z
        .string()
        .max(256)
        .optional()
        .describe('A value of annotation cortex.automation/allow-removals-until that is not heeded, now or later.'),
      removed: listMap(
        z.strictObject({
          what: z.string().max(253).describe('The UID of a BurstWorker, or what else was removed.'),
          at: time().describe('When.'),
        }),
        ['what'],
        64,
      )
        .optional()
        .describe('What went lately and nobody had named: it counts for ten minutes.'),
    })
    .optional()
    .describe('Stops removals that nobody named when too many would go at once.'),
  conditions: conditions(),
});
export type WorkerPoolStatus = z.output<typeof WorkerPoolStatus>;
