import * as z from 'zod';
import { listSet, stringMap } from './collections.ts';
import { atMost, dnsLabel, duration, durationOrEmpty, objectName, PRIORITIES, within } from './fields.ts';
import { constant, constrained, immutable, onUpdate, type Rule } from './kubernetes.ts';
import { labelValue } from './labels.ts';

/** Only ttl may change: another size of job is another Allocation. */
const ANOTHER = 'create another Allocation, with spec.takesOver to keep its workers';
const OPTIONAL = ['jobId', 'mcpServers', 'workers', 'takesOver', 'metadata'];

const fixed = <S extends z.ZodType>(field: string, schema: S): S => constant(schema, field, ANOTHER);

const Workers = z.strictObject({
  count: z.int().min(0).max(100).describe('How many workers, 0 to 100; all of them or none.'),
  size: dnsLabel().optional().describe("A size of the pool. Unset: the pool's defaultSize."),
  pool: objectName(40).optional().describe('The WorkerPool they come from. Unset: the pool with spec.default: true.'),
});

const Words = constrained(stringMap(32, z.string().max(1024)), [
  {
    rule: 'self.all(key, key.size() <= 253)',
    message: 'metadata has a key of more than 253 characters',
    holds: (words) => Object.keys(words).every((key) => key.length <= 253),
  },
]);

const Fields = z.strictObject({
  jobId: labelValue()
    .min(1)
    .optional()
    .describe(
      'The job this is for, in the characters of a label value; it is in the mark on its Nodes. Unset: metadata.name.',
    ),
  mcpServers: listSet(objectName(63), 20)
    .optional()
    .describe('Names of the McpServers in this namespace that the job needs running, at most 20.'),
  workers: Workers.optional().describe('The workers the job needs. Unset: none.'),
  priority: fixed('priority', z.enum(PRIORITIES)).default('Normal').describe('Its place in the queue of the pool.'),
  ttl: constrained(duration(), within('ttl', '60s'))
    .default('1h')
    .describe(
      'How long the job may use what it asked for, counted from Ready, at least 60s. Raise it to extend, within maxLifetime.',
    ),
  maxLifetime: fixed('maxLifetime', constrained(duration(), within('maxLifetime', '60s')))
    .default('24h')
    .describe(
      'The hard ceiling, counted from creation, along a chain of hand-overs from that of the first; no extension passes it.',
    ),
  whenInsufficient: fixed('whenInsufficient', z.enum(['Queue', 'Fail']))
    .default('Queue')
    .describe('Without enough capacity it waits in the queue (Queue), or fails at once with the numbers (Fail).'),
  queueTimeout: fixed('queueTimeout', duration())
    .default('1h')
    .describe('How long it waits in the queue before it fails.'),
  reclaimPolicy: fixed('reclaimPolicy', z.enum(['Delete', 'ReturnToPool']))
    .default('Delete')
    .describe('Its workers are destroyed at the end (Delete), or emptied and given to others (ReturnToPool).'),
  takesOver: z
    .string()
    .max(63)
    .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/)
    .optional()
    .describe(
      'The name of a live Allocation in this namespace whose workers and servers this one takes, without a drain. Unset or empty: none.',
    ),
  ttlAfterFinished: fixed('ttlAfterFinished', durationOrEmpty())
    .default('')
    .describe(
      'How long the finished object is kept. Empty: until its owner deletes it, so that a sync from Git does not revive it.',
    ),
  metadata: Words.optional().describe("The caller's own words, at most 32 entries. The operator does not read them."),
});

const rules: readonly Rule<z.output<typeof Fields>>[] = [
  {
    rule: 'duration(self.ttl) <= duration(self.maxLifetime)',
    message: 'ttl must not be longer than maxLifetime: lower ttl, or create an Allocation with a higher maxLifetime',
    fieldPath: '.ttl',
    holds: ({ ttl, maxLifetime }) => atMost(ttl, maxLifetime),
  },
];

export const AllocationSpec = onUpdate(
  constrained(Fields, rules),
  OPTIONAL.map((field) => immutable(field, ANOTHER)),
);
export type AllocationSpec = z.output<typeof AllocationSpec>;
