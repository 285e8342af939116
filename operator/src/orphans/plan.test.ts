import { expect, test } from 'vitest';
import { at, UID } from '../testing/workers.ts';
import type { Mode } from './decide.ts';
import { judge } from './judge.ts';
import { orphansPlan } from './plan.ts';
import { type Listing, NOTHING_SEEN } from './seen.ts';

const OTHER = '11111111-93a5-4d0e-a3f6-6f1f6a8f3f10';
const lost = { id: '101', host: 'pve1', state: 'running', clusterId: 'here', workerUid: UID } as const;
const burst: Listing = { pool: 'burst', provider: 'Proxmox', joinTimeoutMs: 900_000, machines: [lost] };
const silent: Listing = { ...burst, pool: 'gpu', machines: undefined, problem: 'no route to pve2' };

function planned(mode: Mode, workers: readonly string[] = [OTHER]): string[] {
  const look = {
    clusterId: 'here',
    listings: [burst, silent],
    workers: new Set(workers),
    nodes: [],
    before: NOTHING_SEEN,
  };
  return orphansPlan({ look, memory: judge(look, at('10:00:00')).memory }, mode);
}

test('S12: a plan names what nobody claims, when it would go, and which provider could not be asked', () => {
  expect(planned('Remove')).toEqual([
    'WorkerPool gpu: no route to pve2; nothing of it is judged',
    `machine 101 on pve1 (Proxmox, running) is this cluster's, and BurstWorker ${UID} that it was made for does not exist (seen since 2030-01-01T10:00:00Z): it is removed when it is still seen at 2030-01-01T10:15:00Z`,
  ]);
});

test('S12: a plan says what keeps it, before when it would go', () => {
  expect(planned('Report')[1]).toMatch(/: orphans are only reported/);
  expect(planned('Remove', [])[1]).toMatch(/: the API server lists no BurstWorker at all/);
  expect(planned('Remove', [UID]).slice(1)).toEqual([]);
});
