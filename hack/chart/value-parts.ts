import * as z from 'zod';

/** What Kubernetes defines; its own schema checks it when the object is applied. */
export const asKubernetesSays = () => z.record(z.string(), z.unknown());

export const resources = (cpu: string, memory: string, limit: string) =>
  asKubernetesSays()
    .default({ requests: { cpu, memory }, limits: { memory: limit } })
    .describe('Requests and limits of the container. No CPU limit: a throttled process renews its lease late.');

export const stringMap = (what: string) => z.record(z.string(), z.string()).default({}).describe(what);

export const toggle = (otherwise: boolean, what: string) => z.boolean().default(otherwise).describe(what);

/** One section of values; `{}` is filled with its defaults. */
export const section = <S extends z.ZodRawShape>(shape: S, what: string) =>
  z
    .strictObject(shape)
    .prefault({} as never)
    .describe(what);

/** What the two Deployments have in common. */
export const pods = (image: string, replicas: number) => ({
  replicas: z.int().min(0).max(20).default(replicas).describe('How many pods.'),
  image: section(
    {
      repository: z.string().min(1).default(image).describe('The image, without registry and tag.'),
      digest: z
        .string()
        .regex(/^(sha256:[0-9a-f]{64})?$/)
        .default('')
        .describe('Such as sha256:…; stands instead of the tag.'),
    },
    'The image of this process.',
  ),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('What is logged.'),
  env: stringMap('Further environment variables, name to value.'),
  caSecret: z
    .string()
    .default('')
    .describe('An existing Secret whose ca.crt is trusted beside the public authorities: of a provider, an issuer.'),
  podAnnotations: stringMap('Annotations of the pods.'),
  podLabels: stringMap('Further labels of the pods.'),
  nodeSelector: stringMap('Which Nodes the pods may run on.'),
  tolerations: z.array(asKubernetesSays()).default([]).describe('Taints the pods tolerate.'),
  affinity: asKubernetesSays().default({}).describe('Affinity of the pods; unset, they are spread over Nodes.'),
  priorityClassName: z.string().default('').describe('The PriorityClass of the pods.'),
});

export const monitor = (what: string) =>
  section(
    {
      enabled: toggle(false, `Whether there is a ${what}; its CRD must be installed.`),
      interval: z.string().default('30s').describe('How often the metrics are read.'),
      labels: stringMap(`Labels by which Prometheus finds the ${what}, such as release: prometheus.`),
    },
    `A ${what} of the Prometheus operator.`,
  );
