import type { WorkerPool } from '@cortex/crds';
import * as z from 'zod';
import { idOf } from '../ids.ts';
import { asOf } from '../present/freshness.ts';
import { cores, mib, thousandths } from '../present/units.ts';
import { tool } from '../tool.ts';
import { known, time } from './shapes.ts';

/** Copies that were cut off for longer than this may be wrong, and say so. */
const STALE_MS = 60_000;

/** Null: unlimited. */
const nine = () => ({
  total_cpu: known(),
  total_memory: known(),
  total_workers: known(),
  allocated_cpu: known(),
  allocated_memory: known(),
  allocated_workers: known(),
  available_cpu: known(),
  available_memory: known(),
  available_workers: known(),
});

type Nine = Record<keyof ReturnType<typeof nine>, number | null>;

const queue = () => z.object({ pending: z.int(), oldest_since: time() });

export const getCapacity = tool({
  name: 'get_capacity',
  title: 'Get capacity',
  description:
    'Shows total, allocated and available cpu (cores), memory (MiB) and workers, in sum and per pool, what runs and who waits; null is unlimited. Permanent pools count in pools only: they cannot be requested. Changes nothing. Next: request_resources.',
  access: 'read',
  input: z.strictObject({}),
  output: z.object({
    ...nine(),
    running_mcp_servers: z.array(z.string()),
    active_allocations: z.int(),
    pools: z.array(z.object({ name: z.string(), class: z.string(), ...nine(), queue: queue() })),
    queue: queue(),
    observed_at: time(),
    stale: z.boolean(),
  }),
  run: async (_args, call) => {
    const [pools, servers, active] = await Promise.all([
      call.cluster.list('pools'),
      call.cluster.list('servers'),
      call.cluster.count('allocations', 'state', 'active'),
    ]);
    const rows = pools.map(poolRow).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const running = servers.filter(({ status }) => status?.phase === 'Running').map((server) => idOf(server, call));
    const { outageMs } = call.cluster;
    return {
      ...sum(rows.filter((row) => row.class !== 'permanent')),
      running_mcp_servers: running.toSorted(),
      active_allocations: active,
      pools: rows,
      queue: queueOf(rows),
      observed_at: asOf(call),
      stale: outageMs > STALE_MS,
    };
  },
});

/** What the operator has published of a pool. */
function poolRow({ metadata, spec, status }: WorkerPool) {
  const { total, reserved, available } = status?.capacity ?? {};
  return {
    name: metadata.name,
    class: spec.class.toLowerCase(),
    total_cpu: cores(total?.cpu),
    total_memory: mib(total?.memory),
    total_workers: total?.workers ?? null,
    allocated_cpu: cores(reserved?.cpu),
    allocated_memory: mib(reserved?.memory),
    allocated_workers: reserved?.workers ?? null,
    available_cpu: cores(available?.cpu),
    available_memory: mib(available?.memory),
    available_workers: available?.workers ?? null,
    queue: { pending: status?.queue?.pending ?? 0, oldest_since: status?.queue?.oldestSince ?? null },
  };
}

const NUMBERS = Object.keys(nine()) as (keyof Nine)[];

/** The published numbers of all pools together; one without limit makes the sum unlimited. */
const sum = (rows: readonly Nine[]): Nine =>
  Object.fromEntries(
    NUMBERS.map((field) => [field, rows.reduce<number | null>((total, row) => plus(total, row[field]), 0)]),
  ) as Nine;

const plus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : thousandths(a + b);

const queueOf = (rows: readonly { queue: { pending: number; oldest_since: string | null } }[]) => ({
  pending: rows.reduce((total, { queue: { pending } }) => total + pending, 0),
  oldest_since: rows.flatMap(({ queue: { oldest_since } }) => oldest_since ?? []).toSorted()[0] ?? null,
});
