import { readFile } from 'node:fs/promises';

/** One finished request, without get, list and watch. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: string;
  readonly userAgent: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The HTTP status. */
  readonly code: number;
  readonly requestedAt: Date;
  readonly completedAt: Date;
}

/** Writes are counted from this, so reads would only make it long. audit.k8s.io/v1 */
export const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'None', verbs: ['get', 'list', 'watch'] }, { level: 'Metadata' }],
};

interface AuditEvent {
  stage: string;
  verb: string;
  user: { username: string };
  userAgent?: string;
  objectRef?: { resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
}

/** The requests in an audit log; the API server appends one a moment after it has answered. */
export async function readAudit(file: string): Promise<AuditEntry[]> {
  return parseAudit(await readFile(file, 'utf8'));
}

/** Leaves out stages before the answer, and a last line that is still being written. */
export function parseAudit(log: string): AuditEntry[] {
  const lines = log.slice(0, log.lastIndexOf('\n') + 1).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter((event) => event.stage === 'ResponseComplete')
    .map(toEntry);
}

function toEntry({ verb, user, userAgent = '', objectRef = {}, responseStatus, ...event }: AuditEvent): AuditEntry {
  const { resource = '', subresource = '', namespace = '', name = '' } = objectRef;
  return {
    verb,
    user: user.username,
    userAgent,
    resource,
    subresource,
    namespace,
    name,
    code: responseStatus?.code ?? 0,
    requestedAt: new Date(event.requestReceivedTimestamp),
    completedAt: new Date(event.stageTimestamp),
  };
}
