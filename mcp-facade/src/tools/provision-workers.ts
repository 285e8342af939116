import * as z from 'zod';
import { provision } from '../provisioning.ts';
import { tool } from '../tool.ts';
import { known, time } from './shapes.ts';

const COUNT = 'Worker count must be between 1 and 10';
const TTL = 'TTL must be between 1 and 168 hours';

export const provisionWorkers = tool({
  name: 'provision_workers',
  title: 'Provision workers',
  description:
    'Makes burst workers of your own, outside of any allocation, that live for ttl hours from joining. Returns them while they are being made; failed names those the pool had no room for. Jobs use request_resources instead. Next: list_workers until ready.',
  access: 'write',
  openWorld: true,
  input: z.strictObject({
    count: z.int(COUNT).min(1, COUNT).max(10, COUNT).describe('How many, 1 to 10'),
    ttl: z.int(TTL).min(1, TTL).max(168, TTL).describe('Hours, 1 to 168'),
    size: z.string().min(1).max(63).optional().describe("Default: the pool's"),
    pool: z.string().min(1).max(40).optional().describe('WorkerPool; default: the default one'),
    idempotency_key: z.string().min(8).max(128).optional().describe('Same key, same workers: makes a retry safe'),
  }),
  output: z.object({
    provisioned_workers: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        type: z.string(),
        size: z.string(),
        resources: z.object({ cpu: known(), memory_gb: known(), disk_gb: known() }),
        ttl_hours: z.int(),
        ttl_expires: time(),
        created_at: time(),
      }),
    ),
    count: z.int(),
    size: z.string(),
    ttl_hours: z.int(),
    partial: z.boolean(),
    failed: z.array(z.object({ name: z.string(), code: z.string(), error: z.string() })),
    replayed: z.boolean(),
  }),
  run: provision,
});
