import * as z from 'zod';

/** A validation rule as the API server evaluates it. `message` names the field, the rule and the fix. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
}

/** A rule on one version of a value, with its twin for zod. The twin must not throw, whatever the text. */
export interface Rule<T> extends CelRule {
  readonly holds: (value: T) => boolean;
}

/** What a schema says to Kubernetes and to nobody else. */
export interface KubernetesMarks {
  readonly rules?: readonly CelRule[];
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly maxProperties?: number;
  /** How many of the schema's refinements the API server enforces too. */
  readonly twins?: number;
}

export const kubernetes = z.registry<KubernetesMarks>();

/** Adds marks to those the schema has. */
export function marked<S extends z.ZodType>(schema: S, marks: KubernetesMarks): S {
  const all: KubernetesMarks = { ...kubernetes.get(schema), ...marks };
  kubernetes.add(schema, all);
  return schema;
}

/** A check that zod makes in words of its own, and the API server by the marks. */
export function twin<S extends z.ZodType>(
  schema: S,
  holds: (value: z.output<S>) => boolean,
  message: string,
  marks: KubernetesMarks,
  path: string[] = [],
): S {
  const { twins = 0 } = kubernetes.get(schema) ?? {};
  return marked(schema.refine(holds, { message, path }), { ...marks, twins: twins + 1 });
}

/** The schema under these rules, enforced by the API server and by zod alike. */
export const constrained = <S extends z.ZodType>(schema: S, rules: readonly Rule<z.output<S>>[]): S =>
  rules.reduce((before, { holds, ...cel }) => {
    const path = cel.fieldPath?.slice(1).split('.') ?? [];
    return twin(before, holds, cel.message, { rules: [...(kubernetes.get(before)?.rules ?? []), cel] }, path);
  }, schema);

/** The schema under rules about changes: they have no twin, because zod sees one version. */
export const onUpdate = <S extends z.ZodType>(schema: S, rules: readonly CelRule[]): S =>
  marked(schema, { rules: [...(kubernetes.get(schema)?.rules ?? []), ...rules] });

/**
 * The field may not change, and is always there: required, or by a default. A rule of the field itself, because whatever
 * is written, every rule is evaluated, and for each field that a rule of an object names the API server copies the schema
 * of all fields of that object.
 */
export const constant = <S extends z.ZodType>(schema: S, field: string, fix: string): S =>
  onUpdate(schema, [
    { rule: 'self == oldSelf', message: `${field} is immutable: ${fix}`, reason: 'FieldValueForbidden' },
  ]);

/**
 * The optional field may not change once it is set, and may not be set or unset later: what a rule of its own would not
 * see. A rule for the object that holds it; it names the field as rarely as can be.
 */
export const immutable = (field: string, fix: string): CelRule => ({
  rule: `has(self.${field}) ? has(oldSelf.${field}) && self.${field} == oldSelf.${field} : !has(oldSelf.${field})`,
  message: `${field} is immutable: ${fix}`,
  fieldPath: `.${field}`,
  reason: 'FieldValueForbidden',
});
