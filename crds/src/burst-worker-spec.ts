import * as z from 'zod';
import { dnsLabel, duration, objectName, uid, within } from './fields.ts';
import { constant, constrained, immutable, onUpdate } from './kubernetes.ts';
import { labelValue } from './labels.ts';

const Claim = z.strictObject({
  namespace: dnsLabel().describe('The namespace of the Allocation.'),
  name: objectName().describe('Its name.'),
  uid: uid().describe('Its UID: another Allocation of that name is somebody else.'),
  jobId: labelValue().min(1).optional().describe('The job.'),
  reclaimPolicy: z.enum(['Delete', 'ReturnToPool']).describe('What becomes of this worker when the Allocation ends.'),
});

const Fields = z.strictObject({
  pool: constant(objectName(40), 'pool', 'create another BurstWorker').describe(
    'The WorkerPool it comes from; immutable.',
  ),
  size: dnsLabel().optional().describe("A size of the pool; immutable. Unset: the pool's defaultSize."),
  ttl: constrained(duration(), within('ttl', '60s'))
    .optional()
    .describe(
      "How long it lives, counted from the moment its Node joined, at least 60s and within the pool's ttl.max. Unset: the pool's ttl.default.",
    ),
  claimRef: Claim.optional().describe('The Allocation that uses it, written by the operator only. Unset: it is free.'),
  claimable: z
    .boolean()
    .default(false)
    .describe('Whether Allocations may claim it while it is free. Workers that people make are their own.'),
  deletionProtection: z
    .boolean()
    .default(false)
    .describe('Refuses its deletion, and suspends its expiry and release; it keeps its slot of the pool.'),
});

export const BurstWorkerSpec = onUpdate(Fields, [immutable('size', 'create another BurstWorker')]);
export type BurstWorkerSpec = z.output<typeof BurstWorkerSpec>;
