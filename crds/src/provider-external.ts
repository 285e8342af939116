import * as z from 'zod';
import { secretKey, secretName } from './secret-reference.ts';
import { Tls } from './tls.ts';

/** Machines that a service of somebody else makes, by the contract in docs/providers/external.yaml. */
export const External = z.strictObject({
  url: z
    .string()
    .max(512)
    .regex(/^https:\/\/[^ ?#]+$/)
    .describe('Where the service is, such as https://machines.example.com.'),
  secretRef: z
    .strictObject({
      name: secretName(),
      key: secretKey().default('key').describe('The key whose value signs every request; the service has it too.'),
    })
    .describe('What requests are signed with.'),
  tls: Tls.prefault({}).describe('How its certificate is checked. Unset: by the authorities that Node.js trusts.'),
  maxMachines: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('The most machines of this cluster, counted at the service, forgotten ones included. Unset: no limit.'),
});
export type External = z.output<typeof External>;
