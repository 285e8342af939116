import * as z from 'zod';
import { kubernetes, type KubernetesMarks } from './kubernetes.ts';
import { NotStructural, type Path, type SchemaNode } from './schema-node.ts';

const REFUSED = new Set(
  'transform pipe catch readonly date map set union intersection tuple never null any unknown'.split(' '),
);

/** Adds to a node what only the zod side knows. Throws NotStructural for what would be accepted and lost. */
export function mark(schema: z.core.$ZodTypes, node: SchemaNode, path: Path): void {
  const { type } = schema._zod.def;
  if (REFUSED.has(type)) throw new NotStructural(path, `${type} has no twin in a CustomResourceDefinition`);
  const marks = kubernetes.get(schema) ?? {};
  refuseUnmatched(schema, marks, path);
  settleDefault(schema, node, path);
  refuseKeys(schema, path);
  if (type === 'record') delete node['required'];
  write(node, marks);
}

function refuseUnmatched(schema: z.core.$ZodTypes, { twins = 0 }: KubernetesMarks, path: Path): void {
  const refinements = (schema._zod.def.checks ?? []).filter((check) => check._zod.def.check === 'custom');
  if (refinements.length > twins)
    throw new NotStructural(path, 'refine() without a rule: the API server would not enforce it');
}

/**
 * The API server refuses a default that its own schema does not allow; zod never looks. It holds the default against the
 * rules before the defaults within are filled in, so they are filled in here.
 */
function settleDefault(schema: z.core.$ZodTypes, node: SchemaNode, path: Path): void {
  const { def } = schema._zod;
  if (def.type !== 'default' && def.type !== 'prefault') return;
  const { success, data, error } = z.safeParse(def.innerType, def.defaultValue);
  if (!success) throw new NotStructural(path, `the default is not valid: ${z.prettifyError(error)}`);
  node['default'] = data;
}

/** The names of properties have no schema in Kubernetes. */
function refuseKeys(schema: z.core.$ZodTypes, path: Path): void {
  const { def } = schema._zod;
  if (def.type !== 'record') return;
  const { checks = [], type } = def.keyType._zod.def as { type: string; checks?: readonly unknown[] };
  if (type !== 'string' || checks.length > 0)
    throw new NotStructural(path, 'keys cannot be constrained by a schema: say it in a rule');
}

function write(node: SchemaNode, { maxProperties, listType, listMapKeys, rules }: KubernetesMarks): void {
  if (maxProperties !== undefined) node['maxProperties'] = maxProperties;
  if (listType !== undefined) node['x-kubernetes-list-type'] = listType;
  if (listMapKeys !== undefined) node['x-kubernetes-list-map-keys'] = [...listMapKeys];
  if (rules !== undefined) node['x-kubernetes-validations'] = rules;
}
