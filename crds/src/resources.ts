import { GROUP, VERSION } from './names.ts';

/** Where a kind of ours lives in the API. */
const resource = <K extends string>(kind: K, plural: string, scope: 'Namespaced' | 'Cluster') =>
  ({ group: GROUP, version: VERSION, plural, kind, namespaced: scope === 'Namespaced' }) as const;

export const Allocations = resource('Allocation', 'allocations', 'Namespaced');
export const BurstWorkers = resource('BurstWorker', 'burstworkers', 'Cluster');
export const McpServerScales = resource('McpServerScale', 'mcpserverscales', 'Namespaced');
export const McpServers = resource('McpServer', 'mcpservers', 'Namespaced');
export const NodeDrains = resource('NodeDrain', 'nodedrains', 'Cluster');
export const WorkerPools = resource('WorkerPool', 'workerpools', 'Cluster');
