import type { Allocation } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';
import { Incomplete } from '../harness/measured.ts';
import type { Rig } from '../harness/rig.ts';
import { allocation } from './allocation.ts';
import { runServers, SERVERS, serverName } from './servers.ts';
import { raiseWorkers } from './workers.ts';

/** One kind of Allocation, a thousand times. */
export interface Load {
  readonly id: string;
  readonly title: string;
  /** Writes by the operator without which no such Allocation could become Ready. */
  readonly floor: number;
  /** What must be there before the first Allocation. */
  readonly prepare: (rig: Rig, n: number) => Promise<void>;
  readonly allocation: (name: string, i: number) => Draft<Allocation>;
  /** Throws Incomplete when an Allocation says Ready without having what it asked for. */
  readonly check: (allocations: Followed<Allocation>) => void;
  readonly note?: Readonly<Record<string, unknown>>;
}

const nothing: Load = {
  id: 'B1a-i',
  title: 'nothing but a reservation',
  floor: 1,
  prepare: async () => undefined,
  allocation: (name) => allocation(name, {}),
  check: () => undefined,
};

const warm: Load = {
  id: 'B1a-ii',
  title: 'one warm worker each',
  floor: 3,
  prepare: raiseWorkers,
  allocation: (name) => allocation(name, { workers: { count: 1 } }),
  check(allocations) {
    const nodes = allocations.store
      .list()
      .flatMap(({ status }) => (status?.workers ?? []).flatMap(({ node }) => node ?? []));
    const apart = new Set(nodes).size;
    if (nodes.length !== allocations.store.size || apart !== nodes.length)
      throw new Incomplete(
        `${allocations.store.size} Allocations say Ready on ${nodes.length} Nodes, ${apart} of them different`,
      );
  },
  note: { kwokParallelism: 64, workers: 'hand-made claimable BurstWorkers, Ready beforehand' },
};

const served: Load = {
  id: 'B1a-iii',
  title: 'one running server each',
  floor: 2,
  prepare: runServers,
  allocation: (name, i) => allocation(name, { mcpServers: [serverName(i)] }),
  check(allocations) {
    const without = allocations.store.list().filter(({ status }) => status?.servers?.[0]?.phase !== 'Running');
    if (without.length > 0) throw new Incomplete(`${without.length} Allocations say Ready without a running server`);
  },
  note: { servers: SERVERS, kwokParallelism: 64 },
};

export const LOADS: readonly Load[] = [nothing, warm, served];
