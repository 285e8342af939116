import * as z from 'zod';
import { amounts, FIELDS, sumOf } from '../present/amounts.ts';
import { WORKER_TYPES } from '../present/worker.ts';
import { tool } from '../tool.ts';
import { allWorkers, findWorker } from '../workers.ts';
import { known, workerId } from './shapes.ts';

/** Rows of one answer at most; the totals are those of all. */
const MOST = 100;

const amount = () => z.object({ cpu: known(), memory: known(), pods: known() });
const four = () => ({ capacity: amount(), allocatable: amount(), requested: amount(), available: amount() });

export const getWorkerCapacity = tool({
  name: 'get_worker_capacity',
  title: 'Get worker capacity',
  description:
    'Shows per worker and in total what machines have, what pods may use, have requested, and what is left: cpu in cores, memory in MiB, pods; null is not yet known. Changes nothing.',
  access: 'read',
  input: z.strictObject({ worker_id: workerId().optional(), type_filter: z.enum(WORKER_TYPES).optional() }),
  output: z.object({
    workers: z.array(z.object({ name: z.string(), type: z.enum(WORKER_TYPES), ...four() })),
    totals: z.object(four()),
    count: z.int(),
    truncated: z.boolean(),
  }),
  run: async ({ worker_id, type_filter }, call) => {
    const seen = worker_id === undefined ? await allWorkers(call) : [await findWorker(call, worker_id)];
    const rows = seen
      .filter(({ type }) => type_filter === undefined || type === type_filter)
      .map((worker) => ({ name: worker.name, type: worker.type, ...amounts(worker) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const total = (field: (typeof FIELDS)[number]) => sumOf(rows.map((row) => row[field]));
    return {
      workers: rows.slice(0, MOST),
      totals: {
        capacity: total('capacity'),
        allocatable: total('allocatable'),
        requested: total('requested'),
        available: total('available'),
      },
      count: rows.length,
      truncated: rows.length > MOST,
    };
  },
});
