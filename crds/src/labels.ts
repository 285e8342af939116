import * as z from 'zod';
import { list, stringMap } from './collections.ts';
import { constrained } from './kubernetes.ts';

const KEY = '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';
const VALUE = '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$';

/** A prefix of up to 253 characters, a slash, and a name of up to 63. */
const MOST = 317;

/** The key of a label, an annotation or a taint. */
const labelKey = () => z.string().min(1).max(MOST).regex(new RegExp(KEY));

/** The value of a label or a taint; may be empty. */
export const labelValue = () => z.string().max(63).regex(new RegExp(VALUE));

/** A map whose keys are those of labels. What a key may be cannot be said by a schema, so it is a rule. */
const keyed = <S extends z.ZodRecord<z.ZodString, z.ZodString>>(map: S, field: string): S =>
  constrained(map, [
    {
      rule: `self.all(key, key.size() <= ${MOST} && key.matches('${KEY}'))`,
      message: `${field} has a key that is not one of Kubernetes: use name or prefix/name, such as example.com/team`,
      holds: (entries) => Object.keys(entries).every((key) => key.length <= MOST && new RegExp(KEY).test(key)),
    },
  ]);

/** Labels, with at most so many entries. */
export const labelMap = (field: string, entries: number) => keyed(stringMap(entries, labelValue()), field);

/** Annotations, with at most so many entries. */
export const annotationMap = (field: string, entries: number) => keyed(stringMap(entries, z.string().max(1024)), field);

const needsValues = (operator: string): boolean => operator === 'In' || operator === 'NotIn';

const Requirement = constrained(
  z.strictObject({
    key: labelKey().describe('The key of the label.'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label relates to `values`.'),
    values: list(labelValue(), 16).optional().describe('For In and NotIn only: the values that are meant.'),
  }),
  [
    {
      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
      message: 'values must be set for In and NotIn, and unset for Exists and DoesNotExist',
      fieldPath: '.values',
      holds: ({ operator, values = [] }) => needsValues(operator) === values.length > 0,
    },
  ],
);

/** metav1.LabelSelector. */
export const labelSelector = (field: string) =>
  z.strictObject({
    matchLabels: labelMap(`${field}.matchLabels`, 16)
      .optional()
      .describe('Labels that must be there with exactly these values.'),
    matchExpressions: list(Requirement, 16).optional().describe('Further requirements; all of them must hold.'),
  });

export const taint = () =>
  z.strictObject({
    key: labelKey().describe('The key of the taint.'),
    value: labelValue().optional().describe('The value of the taint.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe('What it does to pods that do not tolerate it.'),
  });
