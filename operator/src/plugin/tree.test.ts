import { expect, test } from 'vitest';
import { holding, seen, shown } from '../testing/snapshot.ts';
import type { Snapshot } from './cluster.ts';
import { tree } from './tree.ts';

test('tree draws an Allocation with its workers, Nodes, pods and servers', () => {
  const { held, workers } = holding('job', 2, 'Normal');
  const served = { ...held, spec: { ...held.spec, mcpServers: ['git'] } };
  const pods = [
    {
      metadata: { namespace: 'team', name: 'work' },
      spec: { nodeName: 'job-0', containers: [] },
      status: { phase: 'Running' },
    },
  ] as unknown as Snapshot['pods'];

  expect(shown(tree(served, seen({ allocations: [served], workers, pods })))).toEqual([
    'Allocation team/job  Active, workers 2/2, until 2030-01-01T11:00:00Z',
    '├─ BurstWorker job-0  Ready, pool burst, small, 30m old',
    '│  └─ Node job-0  takes pods',
    '│     └─ Pod team/work  Running',
    '├─ BurstWorker job-1  Ready, pool burst, small, 30m old',
    '│  └─ Node job-1  takes pods',
    '└─ McpServer team/git  there is none',
  ]);
});
