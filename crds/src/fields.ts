import * as z from 'zod';
import { DURATION, parseDuration } from './duration.ts';
import { type Rule } from './kubernetes.ts';
import { QUANTITY } from './quantity.ts';

/** A Go duration such as `90m`; never empty. */
export const duration = () => z.string().min(2).max(32).regex(DURATION);

/** A Go duration, or empty for "never". */
export const durationOrEmpty = () =>
  z
    .string()
    .max(32)
    .regex(new RegExp(`^$|${DURATION.source}`));

/** No duration is longer than a year. */
const CEILING = '8760h';

const lasts = (text: string, holds: (ms: number) => boolean): boolean =>
  !DURATION.test(text) || holds(parseDuration(text));

/** The duration of this field is at least so long, and at most a year. */
export const within = (field: string, least: string): Rule<string>[] => [
  {
    rule: `duration(self) >= duration('${least}')`,
    message: `${field} must be at least ${least}`,
    holds: (text) => lasts(text, (ms) => ms >= parseDuration(least)),
  },
  {
    rule: `duration(self) <= duration('${CEILING}')`,
    message: `${field} must be at most ${CEILING}`,
    holds: (text) => lasts(text, (ms) => ms <= parseDuration(CEILING)),
  },
];

/** Whether one duration is at most another; true where either is no duration, which is said elsewhere. */
export const atMost = (one: string, other: string): boolean => lasts(one, (ms) => lasts(other, (most) => ms <= most));

/** A Kubernetes quantity such as `500m` or `16Gi`. */
export const quantity = () => z.string().min(1).max(32).regex(QUANTITY);

/** A DNS label (RFC 1123). */
export const dnsLabel = () =>
  z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** The name of an object: a DNS subdomain (RFC 1123). */
export const objectName = (max = 253) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** metav1.Time. */
export const time = () => z.iso.datetime();

export const uid = () => z.string().min(1).max(64);
export const count = () => z.int().min(0).max(1_000_000);

export const PRIORITIES = ['Low', 'Normal', 'High', 'Critical'] as const;
