import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { markAudit } from './audit-mark.ts';
import type { AdminCredentials } from './kubeconfig.ts';

/** One finished request. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: string;
  readonly userAgent: string;
  /** The API group; empty for the core. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The HTTP status. */
  readonly code: number;
  readonly requestedAt: Date;
  readonly completedAt: Date;
}

/** Writes are counted from this, and looks at a Node before it goes; other reads would only make it long, unless they are asked for. audit.k8s.io/v1 */
export const auditPolicy = (reads: boolean) => ({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [...(reads ? [] : FEW_READS), { level: 'Metadata' }],
});

const FEW_READS = [
  { level: 'Metadata', verbs: ['get'], resources: [{ group: '', resources: ['nodes'] }] },
  { level: 'None', verbs: ['get', 'list', 'watch'] },
];

interface AuditEvent {
  stage: string;
  verb: string;
  user: { username: string };
  userAgent?: string;
  objectRef?: { apiGroup?: string; resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
}

const LONGEST_MS = 10_000;

/**
 * Every request that was answered by now. The API server appends one a moment after it has answered, so a request of our
 * own is waited for in the log, and left out.
 */
export async function readAudit(file: string, credentials: AdminCredentials): Promise<AuditEntry[]> {
  const before = await readFile(file, 'utf8');
  const mark = `audit-mark/${crypto.randomUUID()}`;
  await markAudit(credentials, mark);
  const deadline = performance.now() + LONGEST_MS;
  for (let log = before; ; log = await readFile(file, 'utf8')) {
    const entries = parseAudit(log);
    if (entries.some(({ userAgent }) => userAgent === mark)) return entries.filter(isNoMark);
    if (performance.now() > deadline) throw new Error(`${file} does not show what was answered ${LONGEST_MS} ms ago`);
    await pause(20);
  }
}

const isNoMark = ({ userAgent }: AuditEntry): boolean => !userAgent.startsWith('audit-mark/');

/** Leaves out stages before the answer but that of a watch, whose answer takes minutes, and a last line that is still being written. */
export function parseAudit(log: string): AuditEntry[] {
  const lines = log.slice(0, log.lastIndexOf('\n') + 1).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ stage, verb }) => stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete'))
    .map(toEntry);
}

function toEntry({ verb, user, userAgent = '', objectRef = {}, responseStatus, ...event }: AuditEvent): AuditEntry {
  const { apiGroup: group = '', resource = '', subresource = '', namespace = '', name = '' } = objectRef;
  return {
    verb,
    user: user.username,
    userAgent,
    group,
    resource,
    subresource,
    namespace,
    name,
    code: responseStatus?.code ?? 0,
    requestedAt: new Date(event.requestReceivedTimestamp),
    completedAt: new Date(event.stageTimestamp),
  };
}
