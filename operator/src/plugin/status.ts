import { conditionOf } from '../conditions.ts';
import { age } from '../explain/age.ts';
import { type Explanation, explain, sentence } from '../explain/explain.ts';
import type { Subject } from '../explain/world.ts';
import type { Snapshot } from './cluster.ts';
import type { Page, Section } from './page.ts';

/** A lease that was not renewed for this long is anybody's. */
const STALE_MS = 30_000;
const MOST = 20;

/** Who leads, what the pools have, and everything that is not as it should be. */
export function status(seen: Snapshot): Page {
  const operator = leaderIn(seen);
  const troubled = troublesIn(seen);
  const alarms = alarmsIn(seen);
  return {
    data: { operator, pools: seen.pools.map(poolData), troubles: troubled, alarms },
    sections: [
      {
        title: 'Operator',
        head: ['LEADS', 'NAME', 'RENEWED'],
        rows: [[operator.leads ? 'yes' : 'no', operator.name, operator.renewed]],
      },
      pools(seen),
      troubles(troubled, alarms, seen.now),
    ],
  };
}

function leaderIn({ lease, now }: Snapshot): { leads: boolean; name: string; renewed: string } {
  const since = lease?.spec?.renewTime;
  const holder = lease?.spec?.holderIdentity ?? '';
  if (since === undefined || holder === '') return { leads: false, name: 'nobody', renewed: '-' };
  const passed = now.getTime() - Date.parse(since);
  return { leads: passed < STALE_MS, name: holder, renewed: `${age(passed)} ago` };
}

const POOL_HEAD = ['POOL', 'CLASS', 'READY', 'WORKERS', 'WARM', 'RESERVED', 'AVAILABLE', 'WAITING', 'LONGEST'];

function pools({ pools: all, now }: Snapshot): Section {
  if (all.length === 0)
    return { title: 'Pools', lines: ['There is no WorkerPool: Allocations that ask for workers wait.'] };
  const rows = all.map((pool) => {
    const { ready, workers, warm, reserved, available, pending, oldestSince, name } = poolData(pool);
    const longest = oldestSince === undefined ? '-' : age(now.getTime() - Date.parse(oldestSince));
    const numbers = [`${workers.ready}/${workers.total}`, warm, reserved, available ?? 'unlimited', pending].map(
      String,
    );
    return [name, pool.spec.class, ready ? 'yes' : 'no', ...numbers, longest];
  });
  return { title: 'Pools', head: POOL_HEAD, rows };
}

const poolData = ({ metadata, status: of }: Snapshot['pools'][number]) => ({
  name: metadata.name,
  ready: conditionOf(of?.conditions, 'Ready')?.status === 'True',
  workers: { ready: of?.workers?.ready ?? 0, total: of?.workers?.total ?? 0 },
  warm: of?.workers?.warm ?? 0,
  reserved: of?.capacity?.reserved?.workers ?? 0,
  available: of?.capacity?.available?.workers,
  pending: of?.queue?.pending ?? 0,
  oldestSince: of?.queue?.oldestSince,
});

/** Objects whose state somebody may have to do something about, or wait for. */
function troublesIn(seen: Snapshot): Explanation[] {
  const subjects: readonly Subject[] = [
    ...seen.pools,
    ...seen.allocations,
    ...seen.workers,
    ...seen.drains,
    ...seen.servers,
  ];
  return subjects.filter(isTroubled).map((subject) => explain(subject, seen));
}

function isTroubled({ status: of }: Subject): boolean {
  const conditions = of?.conditions;
  if (conditionOf(conditions, 'Finished')?.status === 'True') return false;
  const main = conditionOf(conditions, 'Ready') ?? conditionOf(conditions, 'Drained');
  return main?.status !== 'True' && (of !== undefined && 'phase' in of ? of.phase !== 'Stopped' : true);
}

interface Alarm {
  readonly pool: string;
  readonly reason: string;
  readonly message: string;
}

/** Pools that work, and of which somebody must know all the same (contracts S6, S9). */
const alarmsIn = ({ pools: all }: Snapshot): Alarm[] =>
  all.flatMap(({ metadata, status: of }) =>
    (['BreakerOpen', 'LeaksFound'] as const).flatMap((type) => {
      const alarm = conditionOf(of?.conditions, type);
      return alarm?.status === 'True' ? [{ pool: metadata.name, reason: alarm.reason, message: alarm.message }] : [];
    }),
  );

function troubles(all: readonly Explanation[], alarms: readonly Alarm[], now: Date): Section {
  if (all.length + alarms.length === 0) return { title: 'Not as it should be', lines: ['Nothing.'] };
  const more = all.length > MOST ? [`and ${all.length - MOST} more`] : [];
  return {
    title: 'Not as it should be',
    lines: [...alarms.map(alarmLine), ...all.slice(0, MOST).map((each) => sentence(each, now)), ...more],
  };
}

const alarmLine = ({ pool, reason, message }: Alarm): string => `WorkerPool ${pool} says ${reason}: ${message}.`;
