import { type McpServer, McpServers } from '@cortex/crds';
import { applyManifests } from '@cortex/e2e/control-plane';
import { operatorWrites } from '@cortex/e2e/system/operator-writes';
import { workload } from '@cortex/e2e/system/servers';
import { atMost } from './harness/anchors.ts';
import type { Benchmark } from './harness/measured.ts';
import { scaled } from './harness/options.ts';
import { Rig } from './harness/rig.ts';
import { Tally } from './harness/tally.ts';
import { runWorkloads } from './servers/workloads.ts';

const SERVERS = 1_000;
const LONGEST_MS = 120_000;
const WITNESS = 'witness';

/** Counts do not vary with the machine: one run says it all. */
export const s2: Benchmark = {
  id: 'S2',
  title: `an operator that starts again over ${SERVERS} servers that run`,
  async run(options, tell) {
    const n = scaled(SERVERS, options);
    await using rig = await Rig.start(options, { audit: true, kwokParallelism: 64, controllerQps: 300 });
    await runWorkloads(rig, n);
    const servers = await rig.cluster.follow<McpServer>(McpServers);
    const running = new Tally('McpServers run', servers, (server) => server?.status?.phase === 'Running');
    const { operator } = await rig.startOperator();
    await running.reaches(n, LONGEST_MS);
    await operator.end();
    const before = (await operatorWrites(rig.plane)).length;

    await rig.startOperator();
    // Keys are looked at in the order in which they came: when the last one is through, all were.
    await applyManifests(rig.plane, workload(WITNESS));
    await servers.until(`default/${WITNESS}`, ({ status }) => status?.phase === 'Running', LONGEST_MS);
    const written = (await operatorWrites(rig.plane)).slice(before).filter(({ name }) => name !== WITNESS);
    tell({
      id: 'S2',
      what: `start again over ${n} adopted servers`,
      unit: 'writes',
      values: [written.length],
      anchor: { target: atMost(0, 'writes') },
      detail: { n, adopting: before, written: written.slice(0, 10) },
    });
  },
};
