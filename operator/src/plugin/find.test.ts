import { expect, test } from 'vitest';
import { allocation } from '../testing/world.ts';
import { seen, small } from '../testing/snapshot.ts';
import { find, findAllocation } from './find.ts';

const world = seen({ allocations: [allocation('job')], pools: [small] });

test.for(['allocation/job', 'Allocation/job', 'allocations/job', 'alloc/job'])('%s means the same', (word) => {
  expect(find([word], 'team', world)).toBe(world.allocations[0]);
});

test('a kind and a name may be two words, as kubectl takes them, and for tree one', () => {
  expect(find(['wp', 'burst'], 'team', world)).toBe(small);
  expect(findAllocation(['job'], 'team', world)).toBe(world.allocations[0]);
  expect(() => findAllocation(['wp/burst'], 'team', world)).toThrow('tree shows Allocations');
});

test.for([
  ['pod/x', 'There is no kind "pod". There are: workerpool, allocation'],
  ['wp/brust', 'There is no WorkerPool brust. There are: burst'],
  ['bw/x', 'There is no BurstWorker x. There are: none'],
] as const)('%s is not there, and what is there is said', ([word, why]) => {
  expect(() => find([word], 'team', world)).toThrow(why);
});

test('what is in another namespace is found and named', () => {
  expect(() => find(['alloc/job'], 'other', world)).toThrow(
    'There is no Allocation other/job, but team/job: choose its namespace with -n',
  );
});
