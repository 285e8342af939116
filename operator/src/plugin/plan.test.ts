import { expect, test } from 'vitest';
import { allocation, running, says, worker } from '../testing/world.ts';
import { holding, seen, shown, small } from '../testing/snapshot.ts';
import { plan } from './plan.ts';

test('S12: the plan says whom a higher request would preempt and on what evidence, and what expires when', () => {
  const { held, workers } = holding('modest', 4, 'Low');
  const urgent = allocation('urgent', { count: 2, size: 'small', priority: 'High', at: '10:29:00' });
  const page = plan(seen({ pools: [small], allocations: [held, urgent], workers }));

  expect(shown(page)).toEqual([
    'Now',
    'WHAT     NAME         EVIDENCE',
    expect.stringMatching(/^preempt {2}team\/modest {2}Allocation team\/urgent ranks higher: /),
    '',
    'Later',
    'IN   KIND        NAME         WHAT',
    '30m  Allocation  team/modest  it expires',
    '59m  Allocation  team/urgent  it fails with QueueTimeout',
  ]);
});

test('the plan says what is admitted as soon as an operator looks', () => {
  const page = plan(seen({ pools: [small], allocations: [allocation('job', { count: 2, size: 'small' })] }));

  expect(shown(page)[2]).toBe('admit  team/job  WorkerPool burst has room for it');
});

test('S12: the plan says what nobody claims, whose machine is missing, and where removals are stopped', () => {
  const missing = running(worker('burst-0'));
  const gone = { type: 'VmGone', status: 'Unknown', reason: 'MachineLost', message: 'it is asked once more' } as const;
  const conditions = [{ ...gone, lastTransitionTime: '2030-01-01T10:00:00Z' }];
  const pools = [
    says(
      says(small, 'LeaksFound', true, 'MachineLeaked', 'machine 101 is leaked'),
      'BreakerOpen',
      true,
      'TooManyRemovals',
      'more than 3 would go',
    ),
  ];
  const lines = shown(plan(seen({ pools, workers: [{ ...missing, status: { ...missing.status, conditions } }] })));

  expect(lines).toContain('give up  burst-0  it is asked once more');
  expect(lines).toContain('stop     burst    more than 3 would go');
  expect(lines.slice(-2)).toEqual(['Nobody claims', 'WorkerPool burst: machine 101 is leaked']);
});

test('the plan says when there is nothing to do', () => {
  expect(shown(plan(seen()))).toEqual([
    'Now',
    'Nothing: whoever waits goes on waiting.',
    '',
    'Later',
    'Nothing by itself.',
  ]);
});
