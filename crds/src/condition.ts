import * as z from 'zod';
import { listMap } from './collections.ts';
import { time } from './fields.ts';
import type { Reason } from './reasons.ts';

/** Every condition type, with what True means. */
export const CONDITION_TYPES = {
  Accepted: 'The wish takes part in what the server is scaled to.',
  Admitted: 'A slot of its pool is reserved for it.',
  Adopted: 'The operator made this object for a workload it found.',
  Applied: 'The workload is set to what was wished.',
  BreakerOpen: 'Too many removals that nobody named: they are stopped.',
  CapacityAvailable: 'The pool can give at least one more worker.',
  Claimed: 'An Allocation uses it.',
  Cordoned: 'Its Node takes no new pods.',
  Drained: 'No pod that counts is left on its Node.',
  Expiring: 'Its end is near or has come.',
  Finished: 'It has ended and holds nothing; the reason says how.',
  Idle: 'Nothing uses the server.',
  IdentityConflict: 'What is there is not what was made.',
  Initialized: 'Its Node is whole.',
  Launched: 'Its machine exists.',
  LeaksFound: 'Machines or Nodes of it were found that no BurstWorker claims.',
  LimitsRespected: 'Use is within spec.limits.',
  ProviderReachable: 'The provider answers, and what machines need is there.',
  QuotaReserved: 'The capacity it asked for is reserved.',
  Ready: 'It can be used.',
  Registered: 'Its Node has joined the cluster.',
  ScaleConflict: 'Somebody else keeps changing the replicas.',
  ServersReady: 'All MCP servers it named are running.',
  Stalled: 'A part of it is not done, and will not be until somebody changes something.',
  VmGone: 'The provider confirmed that its machine is gone.',
  VolumesDetached: 'No volume is attached to its Node.',
  WorkersReady: 'All workers it asked for are Ready.',
} as const satisfies Record<string, string>;

export type ConditionType = keyof typeof CONDITION_TYPES;

/** Types and reasons are closed here, and open in the schema: an older CRD must accept the word of a newer operator. */
const word = <W extends string>() =>
  z
    .string()
    .min(1)
    .max(316)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:./-]*[A-Za-z0-9_])?$/) as unknown as z.ZodType<W>;

export const Condition = z.strictObject({
  type: word<ConditionType>().describe('The aspect this is about.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: word<Reason>().describe('One word for why, from the table in the reference.'),
  message: z.string().max(32_768).describe('A sentence for people: which object, which number, what to do.'),
  observedGeneration: z.int().min(0).optional().describe('The metadata.generation this was said of.'),
  lastTransitionTime: time().describe('When the status last changed.'),
});
export type Condition = z.output<typeof Condition>;

/** The conditions of one kind, merged by type. */
export const conditions = () =>
  listMap(Condition, ['type'], 32).optional().describe('What is known of the object, aspect by aspect.');
