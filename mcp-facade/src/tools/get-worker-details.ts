import * as z from 'zod';
import { workerDetails as presented } from '../present/worker.ts';
import { tool } from '../tool.ts';
import { findWorker } from '../workers.ts';
import { conditions, drain, workerId, workerLine } from './shapes.ts';

export const getWorkerDetails = tool({
  name: 'get_worker_details',
  title: 'Get worker details',
  description:
    'Shows one worker: conditions, addresses, and how far its drain is. Changes nothing. Next: drain_worker, then destroy_worker.',
  access: 'read',
  input: z.strictObject({ worker_id: workerId() }),
  output: z.object({
    ...workerLine(),
    pool: z.string(),
    node: z.string().nullable(),
    conditions: conditions(),
    addresses: z.array(z.object({ type: z.string(), address: z.string() })),
    drained: z.boolean(),
    drain: drain(),
  }),
  run: async ({ worker_id }, call) => presented(await findWorker(call, worker_id)),
});
