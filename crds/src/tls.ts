import * as z from 'zod';
import { constrained } from './kubernetes.ts';

/** How the certificate of a server is checked before anything is sent. */
export const Tls = constrained(
  z.strictObject({
    caBundle: z
      .string()
      .max(65_536)
      .optional()
      .describe('PEM certificates that its certificate must lead to, such as /etc/pve/pve-root-ca.pem of Proxmox.'),
    fingerprint: z
      .string()
      .max(95)
      .regex(/^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/)
      .optional()
      .describe('The SHA-256 fingerprint of its certificate; compared before anything is sent.'),
    insecureSkipVerify: z
      .boolean()
      .default(false)
      .describe('Sends the token to whoever answers. For trials in a network of your own only.'),
  }),
  [
    {
      rule: '!self.insecureSkipVerify || (!has(self.caBundle) && !has(self.fingerprint))',
      message: 'tls.insecureSkipVerify trusts everybody: remove it, or remove caBundle and fingerprint',
      fieldPath: '.insecureSkipVerify',
      holds: ({ insecureSkipVerify, caBundle, fingerprint }) =>
        !insecureSkipVerify || (caBundle === undefined && fingerprint === undefined),
    },
  ],
);
export type Tls = z.output<typeof Tls>;
