import * as z from 'zod';
import { list } from './collections.ts';
import { duration, within } from './fields.ts';
import { constrained } from './kubernetes.ts';
import { secretKey, secretName } from './secret-reference.ts';

const JoinToken = constrained(
  z.strictObject({
    mode: z
      .enum(['K3sBootstrap', 'Kubeadm', 'Static', 'None'])
      .default('K3sBootstrap')
      .describe(
        'K3sBootstrap and Kubeadm: a token per worker, made with its machine and revoked once it is Ready. Static: the token of staticSecretRef. None: userData needs none.',
      ),
    ttl: constrained(duration(), within('bootstrap.joinToken.ttl', '60s'))
      .default('30m')
      .describe('How long a token that was made for a worker is valid.'),
    serverURL: z
      .string()
      .max(512)
      .regex(/^https:\/\/[^ ]+$/)
      .optional()
      .describe('Where workers join, such as https://10.0.0.10:6443; `serverURL` in the template.'),
    staticSecretRef: z
      .strictObject({ name: secretName(), key: secretKey().default('token').describe('The key of the token in it.') })
      .optional()
      .describe('Mode Static only: where the token is.'),
  }),
  [
    {
      rule: "(self.mode == 'Static') == has(self.staticSecretRef)",
      message: 'bootstrap.joinToken.staticSecretRef is required for mode Static, and goes with no other mode',
      fieldPath: '.staticSecretRef',
      holds: ({ mode, staticSecretRef }) => (mode === 'Static') === (staticSecretRef !== undefined),
    },
  ],
);

/** How a machine becomes a Node. The deadline is the pool's provisioning.timeout. */
export const Bootstrap = z.strictObject({
  format: z
    .enum(['CloudConfig', 'Talos', 'Ignition', 'Raw'])
    .default('CloudConfig')
    .describe('What userData is written in; it decides how it is checked and laid out for the machine.'),
  userDataSecretRef: z
    .strictObject({
      name: secretName(),
      key: secretKey().default('user-data').describe('The key of the template in it.'),
    })
    .describe(
      'The Secret with the template of user-data; the keys meta-data and network-config of the same Secret are used too, if they are there.',
    ),
  valuesFrom: list(
    z.strictObject({
      secretRef: z.strictObject({ name: secretName() }).describe('The Secret whose keys become values.'),
    }),
    8,
  )
    .optional()
    .describe('Secrets whose keys the template may use as `values.KEY`; a later one wins.'),
  joinToken: JoinToken.prefault({}).describe('How a machine proves that it may join.'),
});
