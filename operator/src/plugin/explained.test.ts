import { expect, test } from 'vitest';
import { allocation, reserving, says, worker } from '../testing/world.ts';
import { holding, seen, shown, small } from '../testing/snapshot.ts';
import { explain } from './explained.ts';

test('explain lists everything in the way when it is more than one thing', () => {
  const job = says(
    reserving(allocation('job', { count: 2 }), ['w-0', 'w-1']),
    'Ready',
    false,
    'Provisioning',
    'The workers are on their way',
  );
  const workers = [worker('w-0', { claimedBy: job }), worker('w-1', { claimedBy: job })];

  expect(shown(explain(job, seen({ allocations: [job], workers }))).slice(1)).toEqual([
    '',
    'In its way',
    'KIND         NAME  SINCE  WHY',
    'BurstWorker  w-0   -      it was just made',
    'BurstWorker  w-1   -      it was just made',
  ]);
});

test('explain says of one that waits where it stands and who has what it waits for, until when', () => {
  const { held, workers } = holding('held', 4, 'Normal');
  const job = says(
    allocation('job', { count: 2, at: '10:27:00' }),
    'Ready',
    false,
    'InsufficientWorkers',
    'Insufficient workers: requested 2, available 0',
  );

  const [sentence] = shown(explain(job, seen({ pools: [small], allocations: [held, job], workers })));
  expect(sentence).toContain(
    '; it is 1st in line for WorkerPool burst, waiting for 2 workers held by Allocation team/held until 2030-01-01T11:00:00Z; somebody must release workers of the pool,',
  );
});
