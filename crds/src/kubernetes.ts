import * as z from 'zod';

/** A validation rule as the API server evaluates it. `message` names the field, the rule and the fix. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
}

/** What a schema says to Kubernetes and to nobody else. */
export interface KubernetesMarks {
  readonly rules?: readonly CelRule[];
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly preserveUnknown?: boolean;
}

export const kubernetes = z.registry<KubernetesMarks>();

/** A rule on the values of one version, with the same check for zod; rules on changes have no twin (zod sees one version). */
export const rule = (cel: string, message: string, fieldPath?: string): CelRule => ({
  rule: cel,
  message,
  ...(fieldPath === undefined ? {} : { fieldPath }),
});

/** The field may not change once it is set, and may not be set or unset later. A rule for the object that holds it. */
export const immutable = (field: string, hint: string): CelRule => ({
  rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
  message: `${field} is immutable: ${hint}`,
  reason: 'FieldValueForbidden',
});
