import type { Allocation, McpServer } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { clean } from './text.ts';
import { cores, mib, seconds, thousandths } from './units.ts';

export const STATES = ['pending', 'active', 'releasing', 'released', 'failed'] as const;
export type State = (typeof STATES)[number];

export const stateOf = ({ status }: Allocation): State => (status?.phase?.toLowerCase() ?? 'pending') as State;

export const jobOf = ({ spec, status, metadata }: Allocation): string => status?.jobId ?? spec.jobId ?? metadata.name;

export const conditionOf = ({ status }: Allocation, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

export const isReady = (allocation: Allocation): boolean => conditionOf(allocation, 'Ready')?.status === 'True';
export const isFinished = (allocation: Allocation): boolean => conditionOf(allocation, 'Finished')?.status === 'True';

/** Where it stands, in the operator's own words. */
export const explanationOf = (allocation: Allocation): string => {
  const said = conditionOf(allocation, isFinished(allocation) ? 'Finished' : 'Ready');
  return said === undefined ? 'The operator has not looked at it yet' : clean(`${said.reason}: ${said.message}`);
};

/** The MCP servers it asked for; before it says so itself, what is known of them. */
export function serversOf({ spec, status, metadata }: Allocation, servers: readonly McpServer[]) {
  return (spec.mcpServers ?? []).map((name) => {
    const said = status?.servers?.find((each) => each.name === name);
    const known = servers.find((each) => each.metadata.namespace === metadata.namespace && each.metadata.name === name);
    const endpoint = (said?.endpoints ?? known?.status?.endpoints)?.[0];
    const phase = said?.phase ?? known?.status?.phase ?? 'Pending';
    return { name, endpoint: endpoint === undefined ? null : clean(endpoint, 512), status: phase.toLowerCase() };
  });
}

/** Its workers, as far as they have names. */
export const workersOf = ({ status }: Allocation) =>
  (status?.workers ?? []).map(({ name, address, cpu, memory, phase }) => ({
    worker_id: name,
    endpoint: address === undefined ? null : clean(address, 253),
    status: WORKER_STATUS[phase] ?? 'provisioning',
    cpu: cores(cpu),
    memory: mib(memory),
  }));

/** How the phases of a claimed worker are called. */
const WORKER_STATUS: Readonly<Record<string, string>> = {
  Requested: 'provisioning',
  Provisioning: 'provisioning',
  Joining: 'provisioning',
  Ready: 'busy',
  Draining: 'draining',
  Terminating: 'draining',
  Failed: 'not_ready',
};

/** What is reserved for it: nothing before it is admitted. */
export const reservedOf = ({ status }: Allocation) => ({
  cpu: cores(status?.reserved?.cpu) ?? 0,
  memory: mib(status?.reserved?.memory) ?? 0,
  workers: status?.reserved?.workers ?? 0,
});

export const ttlOf = ({ spec }: Allocation): number => seconds(parseDuration(spec.ttl));

export const ageOf = ({ metadata }: Allocation, now: Date): number =>
  seconds(now.getTime() - Date.parse(metadata.creationTimestamp));

/** Its time is over; what has ended is not called expired. */
export const isExpired = (allocation: Allocation, now: Date): boolean =>
  !['released', 'failed'].includes(stateOf(allocation)) &&
  allocation.status?.expiresAt !== undefined &&
  Date.parse(allocation.status.expiresAt) <= now.getTime();

/** What a job's pod template needs; null until it is known. */
export const placementOf = ({ status }: Allocation) => status?.placement ?? null;

/** How long it has been of use, in seconds. */
export const durationOf = (allocation: Allocation, now: Date): number => {
  const from = allocation.status?.readyAt ?? allocation.metadata.creationTimestamp;
  const to = allocation.status?.finishedAt === undefined ? now.getTime() : Date.parse(allocation.status.finishedAt);
  return thousandths(Math.max(0, to - Date.parse(from)) / 1000);
};
