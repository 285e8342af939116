import * as z from 'zod';
import { page } from '../cursor.ts';
import { WORKER_TYPES, workerLine as presented } from '../present/worker.ts';
import { tool } from '../tool.ts';
import { allWorkers } from '../workers.ts';
import { cursor, limit, nextCursor, workerLine } from './shapes.ts';

export const listWorkers = tool({
  name: 'list_workers',
  title: 'List workers',
  description:
    'Lists workers with status, capacity and time to live: burst ones, which are machines made for a while, and permanent ones. busy is claimed by a job. Changes nothing. Next: get_worker_details.',
  access: 'read',
  input: z.strictObject({ type_filter: z.enum(WORKER_TYPES).optional(), limit: limit(), cursor: cursor() }),
  output: z.object({
    items: z.array(z.object(workerLine())),
    count: z.int(),
    filter: z.string(),
    next_cursor: nextCursor(),
  }),
  run: async ({ type_filter, ...paging }, call) => {
    const wanted = (await allWorkers(call)).filter(({ type }) => type_filter === undefined || type === type_filter);
    const { items, next_cursor } = page(wanted, ({ name }) => name, paging);
    return { items: items.map(presented), count: wanted.length, filter: type_filter ?? 'none', next_cursor };
  },
});
