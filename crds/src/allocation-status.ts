import * as z from 'zod';
import { list, listMap, stringMap } from './collections.ts';
import { conditions } from './condition.ts';
import { count, quantity, time, uid } from './fields.ts';

const Toleration = z.strictObject({
  key: z.string().max(317).describe('The key of the taint.'),
  operator: z.enum(['Equal', 'Exists']).describe('How the value compares.'),
  value: z.string().max(63).optional().describe('The value of the taint.'),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).describe('The effect of the taint.'),
});

export const AllocationStatus = z.strictObject({
  phase: z
    .enum(['Pending', 'Active', 'Releasing', 'Released', 'Failed'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  conditions: conditions(),
  jobId: z.string().max(253).optional().describe('The job this is for.'),
  reserved: z
    .strictObject({
      pool: z.string().max(63).describe('The WorkerPool.'),
      size: z.string().max(63).describe('The size, as it was when it was admitted.'),
      workers: count().describe('How many workers.'),
      cpu: quantity().describe('Their CPU in all.'),
      memory: quantity().describe('Their memory in all.'),
    })
    .optional()
    .describe('What is reserved for it.'),
  nextOrdinal: count().optional().describe('The number the next worker created for it is named by.'),
  tookOver: z
    .strictObject({ name: z.string().max(253).describe('Its name.'), uid: uid().describe('Its UID.') })
    .optional()
    .describe('The Allocation whose workers this one took over.'),
  chainStartedAt: time().optional().describe('When the first Allocation along the chain of hand-overs was created.'),
  admittedAt: time().optional().describe('When its capacity was reserved.'),
  readyAt: time().optional().describe('When everything was ready for the first time; ttl counts from here.'),
  expiresAt: time().optional().describe('When its workers begin to drain.'),
  hardStopAt: time().optional().describe('When what is left on its workers is forced, where the pool forces.'),
  finishedAt: time().optional().describe('When it ended.'),
  workersReady: z.string().max(16).optional().describe('Workers that are ready, of those asked for.'),
  serversReady: z.string().max(16).optional().describe('MCP servers that run, of those asked for.'),
  workers: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The BurstWorker.'),
      node: z.string().max(253).optional().describe('Its Node.'),
      phase: z.string().max(32).describe('Its phase.'),
      cpu: quantity().optional().describe('Its CPU.'),
      memory: quantity().optional().describe('Its memory.'),
      address: z.string().max(253).optional().describe('The first address of its Node.'),
    }),
    ['name'],
    100,
  )
    .optional()
    .describe('The workers that stand, or shall stand, for it.'),
  servers: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The McpServer.'),
      phase: z.string().max(32).describe('Its phase.'),
      endpoints: list(z.string().max(512), 16).optional().describe('Where it answers.'),
    }),
    ['name'],
    20,
  )
    .optional()
    .describe('The MCP servers it asked for.'),
  placement: z
    .strictObject({
      nodeSelector: stringMap(8, z.string().max(63)).describe('For spec.nodeSelector of the pods.'),
      tolerations: list(Toleration, 8).describe('For spec.tolerations of the pods.'),
    })
    .optional()
    .describe('Copy this into the pod template of the job, and its pods run on its workers and nowhere else.'),
});
export type AllocationStatus = z.output<typeof AllocationStatus>;
