import { isDeepStrictEqual } from 'node:util';
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

/** Equal as the API server would store them: fields that are undefined do not exist there. */
export const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(stored(a), stored(b));

const stored = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
