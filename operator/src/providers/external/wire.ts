import * as z from 'zod';
import type { ErrorClass } from '../errors.ts';
import type { VmView } from '../provider.ts';

/** A machine as the service tells of it: what docs/providers/external.yaml calls a Machine. */
export const Machine = z
  .object({
    clusterId: z.string(),
    workerUid: z.string(),
    state: z.enum(['pending', 'running', 'stopping', 'stopped', 'unknown']),
    id: z.string().max(253).optional(),
    host: z.string().max(253).optional(),
    addresses: z.array(z.string().max(253)).max(32).optional(),
  })
  .transform((machine): VmView => withoutUnset(machine));

/** What is undefined is not said. */
const withoutUnset = (machine: object): VmView =>
  Object.fromEntries(Object.entries(machine).filter(([, value]) => value !== undefined)) as unknown as VmView;

export const Page = z.object({ items: z.array(Machine), next: z.string().optional() });

export const Checked = z.object({
  findings: z.array(z.object({ what: z.string().max(500), fix: z.string().max(500) })).max(100),
});

const CLASSES = [
  'Transient',
  'Conflict',
  'Throttled',
  'Capacity',
  'Quota',
  'Invalid',
  'Unauthorized',
  'NotReady',
  'Foreign',
  'Internal',
] as const satisfies readonly ErrorClass[];

/** Why the service refused, in its own words. */
export const Refused = z.object({
  error: z.object({
    class: z.enum(CLASSES),
    code: z.string().max(63).default('Refused'),
    message: z.string().max(500).default(''),
  }),
});
