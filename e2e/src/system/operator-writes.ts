import type { AuditEntry, ControlPlane } from '../control-plane/control-plane.ts';
import { auditName } from './identity.ts';

/** What the operator wrote, in order, but for Leases and Events, which have bounds of their own. */
export async function operatorWrites(plane: ControlPlane): Promise<AuditEntry[]> {
  return (await plane.audit()).filter(
    ({ user, verb, resource }) => user === auditName('cortex-operator') && !READS.has(verb) && !APART.has(resource),
  );
}

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const APART: ReadonlySet<string> = new Set(['leases', 'events']);

/** `update mcpservers/status` */
export const wordsOf = ({ verb, resource, subresource }: AuditEntry): string =>
  `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
