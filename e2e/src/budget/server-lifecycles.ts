import { isReady, node, reasonOf, type ServerStory, wish, workload } from '../system/servers.ts';
import { allocation } from '../system/story.ts';
import type { Lifecycle } from './lifecycle.ts';

const [ALLOCATION, SERVER, WISH] = [
  'update allocations/status',
  'update mcpservers/status',
  'update mcpserverscales/status',
];
const SCALE = 'patch deployments/scale';

const runs =
  (name: string, ready: number) =>
  async ({ servers }: ServerStory): Promise<void> => {
    const phase = ready === 0 ? 'Stopped' : 'Running';
    await servers.until(`default/${name}`, ({ status }) => status?.phase === phase && status.ready === ready);
  };

const served: Lifecycle = {
  name: 'served',
  prepare: async ({ story, servers }) => {
    await story.apply(node('served-node') + '---' + workload('served-1') + '---' + workload('served-2'));
    for (const name of ['served-1', 'served-2'])
      await servers.until(`default/${name}`, ({ status }) => status?.phase === 'Running');
  },
  steps: [
    {
      row: 'the first Allocation with two servers that run, each of which is no longer idle',
      act: async ({ story }) => {
        await story.apply(allocation('served', 'mcpServers: [served-1, served-2]'));
        await story.allocations.until('default/served', isReady);
      },
      budget: { [ALLOCATION]: 1, 'create mcpserverscales': 2, [SERVER]: 2 },
    },
    {
      row: 'another Allocation with the same two servers',
      act: async ({ story }) => {
        await story.apply(allocation('served-too', 'mcpServers: [served-1, served-2]'));
        await story.allocations.until('default/served-too', isReady);
      },
      budget: { [ALLOCATION]: 1, 'create mcpserverscales': 2 },
    },
    {
      row: 'its DELETE by a user: the garbage collector takes its wishes',
      act: async ({ story, wishes }) => {
        await story.kubectl('delete', 'alloc', 'served-too');
        await wishes.eventually(
          (all) => (all.some(({ metadata }) => metadata.name.startsWith('served-too-')) ? undefined : true),
          'its wishes to go',
        );
      },
      budget: {},
    },
  ],
};

const woken: Lifecycle = {
  name: 'woken',
  prepare: async (world) => {
    await world.story.apply(node('woken-node') + '---' + workload('woken', { replicas: 0 }));
    await runs('woken', 0)(world);
  },
  steps: [
    {
      row: 'Allocation with a server that is Stopped: the change of scale costs two',
      act: async ({ story }) => {
        await story.apply(allocation('woken', 'mcpServers: [woken]'));
        await story.allocations.until('default/woken', isReady);
      },
      budget: { [ALLOCATION]: 1, 'create mcpserverscales': 1, [SCALE]: 1, [SERVER]: 1 },
    },
    {
      row: 'its DELETE by a user: the server stops',
      act: async (world) => {
        await world.story.kubectl('delete', 'alloc', 'woken');
        await runs('woken', 0)(world);
      },
      budget: { [SCALE]: 1, [SERVER]: 1 },
    },
  ],
};

const scaled: Lifecycle = {
  name: 'scaled',
  prepare: async (world) => {
    await world.story.apply(node('scaled-node') + '---' + workload('scaled') + '---' + wish('scaled', 'scaled', 1));
    await runs('scaled', 1)(world);
    await world.wishes.until('default/scaled', isReady);
  },
  steps: [
    {
      row: 'McpServerScale changed, its server through at once',
      act: async (world) => {
        await world.story.kubectl('scale', 'mss', 'scaled', '--replicas=3');
        await runs('scaled', 3)(world);
        await world.wishes.until('default/scaled', (each) => isReady(each) && each.status?.replicas === 3);
      },
      budget: { [SCALE]: 1, [SERVER]: 1, [WISH]: 1 },
    },
    {
      row: 'McpServerScale replaced by another one, as the facade does: the first says so',
      act: async (world) => {
        await world.story.apply(wish('scaled-2', 'scaled', 2));
        await runs('scaled', 2)(world);
        await world.wishes.until('default/scaled-2', isReady);
        await world.wishes.until('default/scaled', ({ status }) => status?.phase === 'Superseded');
      },
      budget: { [SCALE]: 1, [SERVER]: 1, [WISH]: 2 },
    },
  ],
};

const slow: Lifecycle = {
  name: 'slow',
  prepare: async (world) => {
    const elsewhere = { replicas: 0, pod: 'nodeSelector: {kubernetes.io/hostname: slow-node}' };
    await world.story.apply(workload('slow', elsewhere) + '---' + wish('slow', 'slow', 0));
    await runs('slow', 0)(world);
    await world.wishes.until('default/slow', isReady);
  },
  steps: [
    {
      row: 'McpServerScale changed, and no Node for its pods: both say so after some seconds',
      act: async ({ story, servers, wishes }) => {
        await story.kubectl('scale', 'mss', 'slow', '--replicas=1');
        await servers.until('default/slow', ({ status }) => status?.phase === 'Pending');
        await wishes.until('default/slow', (each) => reasonOf(each, 'Ready', 'False') === 'Pending');
      },
      budget: { [SCALE]: 1, [SERVER]: 1, [WISH]: 1 },
    },
    {
      row: 'its Node comes',
      act: async (world) => {
        await world.story.apply(node('slow-node'));
        await runs('slow', 1)(world);
        await world.wishes.until('default/slow', isReady);
      },
      budget: { [SERVER]: 1, [WISH]: 1 },
    },
  ],
};

/** Lives of MCP servers and of wishes about them. They may happen at once. */
export const SERVER_LIFECYCLES: readonly Lifecycle[] = [served, woken, scaled, slow];
