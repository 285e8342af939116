import { expect, test } from 'vitest';
import { AllocationSpec } from './allocation-spec.ts';
import { BurstWorkerSpec } from './burst-worker-spec.ts';
import { McpServerScaleSpec } from './mcp-server-scale.ts';
import { McpServerSpec } from './mcp-server-spec.ts';
import { NodeDrainSpec } from './node-drain.ts';
import { WorkerPoolSpec } from './worker-pool-spec.ts';

test('a WorkerPool needs a class, a provider and nothing else', () => {
  expect(WorkerPoolSpec.parse({ class: 'Burst', provider: { type: 'Kwok' }, limits: { workers: 20 } })).toEqual({
    class: 'Burst',
    default: false,
    provider: { type: 'Kwok' },
    sizes: [
      { name: 'small', cpu: '2', memory: '4Gi', disk: '50Gi' },
      { name: 'medium', cpu: '4', memory: '8Gi', disk: '100Gi' },
      { name: 'large', cpu: '8', memory: '16Gi', disk: '200Gi' },
    ],
    defaultSize: 'medium',
    limits: { workers: 20 },
    warm: 0,
    maxPriority: 'Critical',
    ttl: { default: '4h', max: '168h' },
    provisioning: { timeout: '15m', maxInFlight: 5, attempts: 3 },
    drain: {
      timeout: '10m',
      gracePeriod: '5m',
      volumeDetachTimeout: '5m',
      onDeadline: 'ForceDelete',
      daemonSets: 'Skip',
      unmanagedPods: 'Evict',
      order: [],
      maxConcurrent: 10,
    },
    onNodeDeleted: 'Rejoin',
    preemption: { policy: 'Never', minRuntime: '10m' },
    queue: { ordering: 'BestEffort', ageAfter: '10m' },
    isolation: 'Exclusive',
  });
});

test('a block that is set in part keeps the defaults of the rest', () => {
  const { provider, drain, bootstrap } = WorkerPoolSpec.parse({
    class: 'Burst',
    provider: { type: 'Mcp' },
    drain: { timeout: '1m' },
    bootstrap: { userDataSecretRef: { name: 'join' } },
  });

  expect(provider).toEqual({ type: 'Mcp' });
  expect(drain).toMatchObject({ timeout: '1m', gracePeriod: '5m', onDeadline: 'ForceDelete' });
  expect(bootstrap).toEqual({
    format: 'CloudConfig',
    userDataSecretRef: { name: 'join', key: 'user-data' },
    joinToken: { mode: 'K3sBootstrap', ttl: '30m' },
  });
  expect(WorkerPoolSpec.parse({ class: 'Spot', provider: { type: 'Kwok', kwok: {} } }).provider?.kwok).toEqual({
    bootDelay: '0s',
  });
});

test('an Allocation may be empty: a job that asks for nothing', () => {
  expect(AllocationSpec.parse({})).toEqual({
    priority: 'Normal',
    ttl: '1h',
    maxLifetime: '24h',
    whenInsufficient: 'Queue',
    queueTimeout: '1h',
    reclaimPolicy: 'Delete',
    ttlAfterFinished: '',
  });
});

test('a BurstWorker leaves size and ttl to its pool', () => {
  expect(BurstWorkerSpec.parse({ pool: 'burst' })).toEqual({
    pool: 'burst',
    claimable: false,
    deletionProtection: false,
  });
});

test('a NodeDrain holds at its deadline, for it may be of a permanent Node', () => {
  expect(NodeDrainSpec.parse({ nodeName: 'k3s-worker02' })).toEqual({
    nodeName: 'k3s-worker02',
    timeout: '10m',
    gracePeriod: '5m',
    volumeDetachTimeout: '5m',
    onDeadline: 'Hold',
    daemonSets: 'Skip',
    unmanagedPods: 'Evict',
  });
});

test('an McpServer is a Deployment of 0 to 10 replicas that is never put to sleep', () => {
  expect(McpServerSpec.parse({ workloadRef: { name: 'filesystem' } })).toEqual({
    workloadRef: { kind: 'Deployment', name: 'filesystem' },
    replicas: { min: 0, max: 10 },
    idle: { after: '5m', enabled: false },
    probe: { type: 'Mcp', path: '/mcp' },
  });
});

test('an McpServerScale wishes for one replica until it is deleted', () => {
  expect(McpServerScaleSpec.parse({ serverRef: { name: 'filesystem' } })).toEqual({
    serverRef: { name: 'filesystem' },
    replicas: 1,
    policy: 'Set',
    force: false,
    ttl: '',
  });
});
