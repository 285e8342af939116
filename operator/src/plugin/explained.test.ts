import { expect, test } from 'vitest';
import { allocation, reserving, says, worker } from '../testing/world.ts';
import { seen, shown } from '../testing/snapshot.ts';
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
