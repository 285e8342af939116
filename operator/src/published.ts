import type { Kind } from './kube/kind.ts';
import type { KubeObject } from './kube/object.ts';

/** Writes a status only where it differs from what the object already says; 409 when the object has changed since. */
export async function publish<T extends KubeObject & { status?: unknown }>(
  kind: Kind<T>,
  object: T,
  status: T['status'],
): Promise<boolean> {
  if (status === undefined || same(status, object.status)) return false;
  await kind.updateStatus({ ...object, status });
  return true;
}

/** Equal as the API server would store them: plain JSON, in which fields that are undefined do not exist. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isNested(a) || !isNested(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== (b as unknown as unknown[]).length) return false;
  for (const key of Object.keys(a)) if (!same(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
