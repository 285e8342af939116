import { expect, test } from 'vitest';
import { allocation } from '../testing/world.ts';
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

test('the plan says when there is nothing to do', () => {
  expect(shown(plan(seen()))).toEqual([
    'Now',
    'Nothing: whoever waits goes on waiting.',
    '',
    'Later',
    'Nothing by itself.',
  ]);
});
