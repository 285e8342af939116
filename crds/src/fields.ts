import * as z from 'zod';
import { DURATION } from './duration.ts';
import { kubernetes } from './kubernetes.ts';
import { QUANTITY } from './quantity.ts';

/** A Go duration such as `90m`; never empty. */
export const duration = () => z.string().min(2).max(32).regex(DURATION);

/** A Go duration, or empty for "never". */
export const durationOrEmpty = () =>
  z
    .string()
    .max(32)
    .regex(/^(([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+)?$/);

/** A Kubernetes quantity such as `500m` or `16Gi`. */
export const quantity = () => z.string().min(1).max(32).regex(QUANTITY);

/** The name of an object that is a DNS label. */
export const dnsLabel = (max = 63) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** The name of an object that is a DNS subdomain. */
export const dnsName = () =>
  z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** Characters and length of a label's value. */
export const labelValue = () =>
  z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/);

/** metav1.Time. */
export const time = () => z.iso.datetime();

export const uid = () => z.string().min(1).max(64);
export const count = () => z.int().min(0).max(1_000_000);

/** String to string, bounded. */
export const stringMap = (entries: number, value = 256) =>
  bounded(z.record(z.string().max(317), z.string().max(value)), entries);

const maxProperties = z.registry<{ maxProperties: number }>();
export const propertyLimits = maxProperties;

/** A map of at most so many entries. */
export function bounded<S extends z.ZodRecord>(schema: S, entries: number): S {
  const limited = schema.refine(
    (map) => Object.keys(map as object).length <= entries,
    `at most ${entries} entries`,
  ) as unknown as S;
  maxProperties.add(limited, { maxProperties: entries });
  kubernetes.add(limited, {});
  return limited;
}

export const PRIORITIES = ['Low', 'Normal', 'High', 'Critical'] as const;

/** metav1.LabelSelector. */
export const labelSelector = () =>
  z.strictObject({
    matchLabels: stringMap(16, 63).optional().describe('Labels that must be there with these values.'),
    matchExpressions: z
      .array(
        z.strictObject({
          key: z.string().min(1).max(317).describe('The label this is about.'),
          operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How its value relates to `values`.'),
          values: z.array(z.string().max(63)).max(16).optional().describe('The values of In and NotIn.'),
        }),
      )
      .max(16)
      .optional()
      .describe('Further requirements; all must hold.'),
  });

export const taint = () =>
  z.strictObject({
    key: z.string().min(1).max(317).describe('The key of the taint.'),
    value: z.string().max(63).optional().describe('The value of the taint.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe('What it does to pods that do not tolerate it.'),
  });

/** A list that is edited entry by entry: server-side apply merges by this key. */
export const listMap = <S extends z.ZodType>(item: S, key: string, max: number) =>
  z
    .array(item)
    .max(max)
    .register(kubernetes, { listType: 'map', listMapKeys: [key] });
