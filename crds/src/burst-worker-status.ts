import * as z from 'zod';
import { drainBlock, nodeBlock, usageBlock } from './blocks.ts';
import { conditions } from './condition.ts';
import { quantity, time, uid } from './fields.ts';

export const BurstWorkerStatus = z.strictObject({
  phase: z
    .enum(['Requested', 'Provisioning', 'Joining', 'Ready', 'Draining', 'Terminating', 'Failed'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  conditions: conditions(),
  vm: z
    .strictObject({
      id: z.string().max(253).optional().describe("The machine in the provider's words."),
      uuid: uid().optional().describe("The machine's SMBIOS UUID: the UID of this object."),
      host: z.string().max(253).optional().describe('Where it runs.'),
      state: z.string().max(63).optional().describe("The machine's state when it was last written."),
      operation: z.string().max(1024).optional().describe('An operation of the provider that is under way.'),
      attempt: z.int().min(0).max(1000).optional().describe('Which attempt this is.'),
      providerID: z.string().max(512).optional().describe("The Node's spec.providerID."),
      seed: z
        .string()
        .max(512)
        .optional()
        .describe('What it boots with; there until its Node is Ready, then deleted, and its token revoked.'),
      seedHash: z
        .string()
        .max(64)
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .describe('The SHA-256 of the image that it boots with, as it was rendered; nothing else of it is kept.'),
      createdAt: time().optional().describe('When its creation was decided; no Node older than this is it.'),
    })
    .optional()
    .describe('The machine, written down before the first call that makes it.'),
  nodeName: z.string().max(253).optional().describe('Its Node.'),
  nodeUID: uid().optional().describe("Its Node's UID."),
  systemUUID: z.string().max(64).optional().describe('The machine id its Node reports.'),
  resources: z
    .strictObject({
      cpu: quantity().describe('CPU.'),
      memory: quantity().describe('Memory.'),
      disk: quantity().optional().describe('Disk.'),
    })
    .optional()
    .describe('Its size, as it was when it was admitted; a later edit of the pool changes nothing.'),
  drain: drainBlock().optional().describe('How far its drain is.'),
  node: nodeBlock().optional().describe('What is known of its Node.'),
  usage: usageBlock().optional().describe('What its pods request.'),
  registeredAt: time().optional().describe('When its Node joined.'),
  expiresAt: time().optional().describe('When it begins to drain.'),
  hardStopAt: time().optional().describe('When what is left on it is forced, where the pool forces.'),
});
export type BurstWorkerStatus = z.output<typeof BurstWorkerStatus>;
