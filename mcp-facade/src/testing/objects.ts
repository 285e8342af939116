import type { Allocation, AllocationStatus, BurstWorker, Condition, McpServer, WorkerPool } from '@cortex/crds';

type Metadata = Partial<Allocation['metadata']>;
type Draft<T extends { spec: unknown; status?: unknown }> = {
  metadata: { name: string; namespace?: string };
} & Partial<Pick<T, 'spec' | 'status'>>;

export const condition = (
  type: Condition['type'],
  status: Condition['status'],
  reason: Condition['reason'],
  message = '',
): Condition => ({ type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' });

export const pool = (
  name: string,
  { spec = {}, status = {} }: { spec?: Partial<WorkerPool['spec']>; status?: WorkerPool['status'] } = {},
): Draft<WorkerPool> => ({
  metadata: { name },
  spec: {
    class: 'Burst',
    default: true,
    sizes: [
      { name: 'small', cpu: '2', memory: '4Gi', disk: '50Gi' },
      { name: 'medium', cpu: '4', memory: '8Gi', disk: '100Gi' },
    ],
    defaultSize: 'medium',
    ttl: { default: '4h', max: '168h' },
    ...spec,
  } as WorkerPool['spec'],
  status,
});

/** Capacity as the operator publishes it: so many workers of medium size. */
export const capacity = (total: number, reserved: number): NonNullable<WorkerPool['status']> => ({
  capacity: { total: amount(total), reserved: amount(reserved), available: amount(total - reserved) },
});

const amount = (workers: number) => ({ workers, cpu: String(4 * workers), memory: `${8 * workers}Gi` });

export const allocation = (
  name: string,
  {
    spec = {},
    status = {},
    metadata = {},
  }: { spec?: Partial<Allocation['spec']>; status?: AllocationStatus; metadata?: Metadata } = {},
): Draft<Allocation> => ({
  metadata: { namespace: 'default', ...metadata, name },
  spec: { priority: 'Normal', ttl: '1h', ...spec } as Allocation['spec'],
  status,
});

export const server = (
  name: string,
  status: McpServer['status'] = {},
  { namespace = 'default', labels = {} }: { namespace?: string; labels?: Record<string, string> } = {},
): Draft<McpServer> => ({
  metadata: { name, namespace, labels } as Draft<McpServer>['metadata'],
  spec: { workloadRef: { kind: 'Deployment', name } } as McpServer['spec'],
  status,
});

export const worker = (
  name: string,
  {
    spec = {},
    status = {},
    metadata = {},
  }: { spec?: Partial<BurstWorker['spec']>; status?: BurstWorker['status']; metadata?: Metadata } = {},
): Draft<BurstWorker> => ({
  metadata: { ...metadata, name },
  spec: { pool: 'burst', size: 'medium', claimable: false, deletionProtection: false, ...spec },
  status,
});

/** A worker whose Node has joined and is Ready. */
export const readyWorker = (name: string, more: Parameters<typeof worker>[1] = {}): Draft<BurstWorker> =>
  worker(name, {
    ...more,
    status: {
      phase: 'Ready',
      nodeName: name,
      registeredAt: '2026-01-01T10:00:00Z',
      expiresAt: '2026-01-01T14:00:00Z',
      node: {
        capacity: { cpu: '4', memory: '8Gi', pods: '110' },
        allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      },
      usage: { pods: 2, cpu: '500m', memory: '1Gi' },
      conditions: [condition('Ready', 'True', 'Ready', `Node ${name} takes pods`)],
      ...more.status,
    },
  });
