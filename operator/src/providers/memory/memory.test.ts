import { describe, expect, test } from 'vitest';
import type { Machine } from '../contract/harness.ts';
import { type TaskHarness, tasks } from '../contract/tasks.ts';
import { contract } from '../contract.ts';
import { type ErrorClass, ProviderError } from '../errors.ts';
import { MemoryCloud, type MemoryMachine } from './cloud.ts';
import { MemoryProvider } from './memory.ts';

const CLASSES: readonly ErrorClass[] = ['Transient', 'Throttled', 'Quota', 'Invalid', 'Unauthorized', 'Internal'];

function harness(): TaskHarness {
  let now = Date.parse('2026-01-01T10:00:00Z');
  const cloud = new MemoryCloud(() => new Date(now));
  const provider = new MemoryProvider(cloud);
  const machine = (id: string): MemoryMachine => cloud.machines.get(id) as MemoryMachine;
  return {
    provider,
    restarted: () => new MemoryProvider(cloud),
    faults: cloud.faults,
    lost: new ProviderError('Transient', 'Lost', 'no answer'),
    refusals: CLASSES.map((of) => [new ProviderError(of, 'Said', 'no'), of]),
    clusterId: 'this-cluster',
    request: () => ({
      clusterId: 'this-cluster',
      workerUid: crypto.randomUUID(),
      name: 'worker',
      pool: 'burst',
      size: { cpu: '2', memory: '4Gi' },
      labels: {},
      annotations: {},
      taints: [],
      bootDelayMs: 0,
    }),
    now: () => new Date(now),
    pass: (ms) => void (now += ms),
    world: {
      machines: async () => [...cloud.machines.values()].map(asMachine),
      plant: async (owner, id) => asMachine(cloud.plant(owner, id)),
      switchOff: async (id) => void (machine(id).power = 'off'),
      destroy: async (id) => void cloud.machines.delete(id),
    },
    hypervisor: {
      nextCreation({ ms = 1_000, ends = 'ok', made = true }) {
        cloud.script.createMs = ms;
        cloud.script.outcomes.push({ ends, done: made });
      },
      leaveRoom: (machines) => void (cloud.script.room = cloud.machines.size + machines),
      lock: (id, locked) => void (machine(id).locked = locked),
      deafen: (id) => void (machine(id).deaf = true),
      move: (id, host) => void (machine(id).host = host),
    },
  };
}

const asMachine = (machine: MemoryMachine): Machine => ({
  id: machine.id,
  clusterId: machine.clusterId,
  workerUid: machine.workerUid,
  text: JSON.stringify(machine),
});

describe('what every provider promises', () => {
  test.for(contract)('$title', async (promise) => {
    await expect(promise.run(harness())).resolves.toBeUndefined();
  });
});

describe('what providers with tasks promise', () => {
  test.for(tasks)('$title', async (promise) => {
    await expect(promise.run(harness())).resolves.toBeUndefined();
  });
});
