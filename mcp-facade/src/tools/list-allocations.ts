import type { Allocation } from '@cortex/crds';
import * as z from 'zod';
import { page, remembered } from '../cursor.ts';
import { idOf, namespaceName } from '../ids.ts';
import { ageOf, isExpired, jobOf, STATES, stateOf } from '../present/allocation.ts';
import { asOf } from '../present/freshness.ts';
import { tool } from '../tool.ts';
import { cursor, limit, nextCursor, state, time } from './shapes.ts';

export const listAllocations = tool({
  name: 'list_allocations',
  title: 'List allocations',
  description:
    'Lists allocations, newest first, of all namespaces unless one is named; filters are combined. Finished ones are kept an hour. Changes nothing. Next: get_allocation for one of them.',
  access: 'read',
  input: z.strictObject({
    state: z.enum(STATES).optional(),
    job_id: z.string().max(63).optional(),
    namespace: namespaceName().optional(),
    limit: limit(),
    cursor: cursor(),
  }),
  output: z.object({
    items: z.array(
      z.object({
        allocation_id: z.string(),
        job_id: z.string(),
        state: state(),
        priority: z.string(),
        workers: z.int(),
        age_seconds: z.int(),
        is_expired: z.boolean(),
        namespace: z.string(),
      }),
    ),
    next_cursor: nextCursor(),
    as_of: time(),
  }),
  run: async (args, call) => {
    const now = call.now();
    const { job_id } = args;
    const { cluster } = call;
    const all = job_id === undefined ? cluster.list('allocations') : cluster.find('allocations', 'job', job_id);
    const wanted = (await all).filter((each) => matches(each, args));
    const { items, next_cursor } = page(wanted, newestFirst, args);
    return {
      items: items.map((allocation) => ({
        allocation_id: idOf(allocation, call),
        job_id: jobOf(allocation),
        state: stateOf(allocation),
        priority: allocation.spec.priority.toLowerCase(),
        workers: allocation.spec.workers?.count ?? 0,
        age_seconds: ageOf(allocation, now),
        is_expired: isExpired(allocation, now),
        namespace: allocation.metadata.namespace ?? '',
      })),
      next_cursor,
      as_of: asOf(call),
    };
  },
});

interface Filter {
  readonly state?: string | undefined;
  readonly namespace?: string | undefined;
}

const matches = (allocation: Allocation, { state: inState, namespace }: Filter): boolean =>
  (inState === undefined || stateOf(allocation) === inState) &&
  (namespace === undefined || allocation.metadata.namespace === namespace);

/** Later moments sort first; of one second, by name. */
const newestFirst = remembered(({ metadata }: Allocation): string => {
  const age = String(9_999_999_999 - Math.trunc(Date.parse(metadata.creationTimestamp) / 1000)).padStart(10, '0');
  return `${age} ${metadata.namespace ?? ''}/${metadata.name}`;
});
