import { expect, test } from 'vitest';
import { allocation, at, pool, reserving, worker } from '../testing/world.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const job = allocation('job');
const holding = reserving(job, ['burst-job-0']);

const born: Seen = {
  worker: worker('burst-job-0', { claimedBy: job }),
  pool: pool('burst'),
  claimant: { state: 'Live', allocation: holding },
  reserved: true,
  node: undefined,
  usage: undefined,
  nodeDeleted: false,
  impostor: undefined,
  conflict: undefined,
  frozen: undefined,
  silent: undefined,
  held: undefined,
  trouble: undefined,
  proposed: { id: 'vm-1', uuid: 'uid-of-burst-job-0', createdAt: '2030-01-01T10:00:00Z' },
  mayDrain: true,
  drain: undefined,
  volumes: undefined,
  cordoned: false,
  nodeDrain: undefined,
  vm: undefined,
  checkpoint: undefined,
};

test('A4: a worker takes what was reserved for it, also when its size was edited meanwhile', () => {
  const sizes = [{ name: 'small', cpu: '64', memory: '1Ti' }];
  const resized = pool('burst', { sizes, defaultSize: 'small' });

  expect(report({ ...born, pool: resized }, undefined, at('10:00:01'))?.resources).toMatchObject({
    cpu: '2',
    memory: '4Gi',
  });
});
