import type { BurstWorker } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { fitsIn, ofWorker } from '../admission/amount.ts';
import { isFree } from '../admission/slots.ts';
import type { Seen } from './seen.ts';

export type WarmAction =
  | { readonly kind: 'CreateWarm'; readonly name: string; readonly size: string }
  | { readonly kind: 'RetireWarm'; readonly name: string };

/**
 * What keeps the pool's warm workers at the number it asks for: new ones where some are missing, a replacement before one
 * ends, never more than one extra, and nothing at all while a request waits (contract C4).
 */
export function warmActions({ pool, workers, ledger, pending, notBuilt }: Seen, now: Date): WarmAction[] {
  const { warm: wanted, defaultSize: size } = pool.spec;
  const there = workers.filter((worker) => isWarm(worker, size));
  const failed = there.filter(({ status }) => status?.phase === 'Failed').map(retire);
  const alive = there.filter(({ status }) => status?.phase !== 'Failed');
  const ending = alive.filter((worker) => isEnding(worker, pool, now)).toSorted(soonestEnd);
  const lasting = alive.filter((worker) => !ending.includes(worker));
  if (pending > 0 || notBuilt !== undefined || wanted === 0) return failed;
  const missing = wanted - lasting.length;
  const extra = Math.min(missing, ending.length);
  const created = missing - extra + (extra > 0 && alive.length <= wanted ? 1 : 0);
  return [
    ...failed,
    ...(lasting.filter(isFree).length >= wanted ? ending.slice(0, 1).map(retire) : []),
    ...newcomers(created, { pool, workers, ledger }),
  ];
}

function newcomers(count: number, { pool, workers, ledger }: Pick<Seen, 'pool' | 'workers' | 'ledger'>): WarmAction[] {
  const size = pool.spec.sizes.find(({ name }) => name === pool.spec.defaultSize);
  if (size === undefined || ledger === undefined || count <= 0) return [];
  const asked = workers.filter((worker) => isWarm(worker, size.name) && worker.status?.resources === undefined).length;
  const one = ofWorker(size);
  const taken = new Set(workers.map(({ metadata }) => metadata.name));
  const names: string[] = [];
  for (let ordinal = 0; names.length < count; ordinal++) {
    const name = `${pool.metadata.name}-warm-${ordinal}`;
    const n = asked + names.length + 1;
    if (!fitsIn({ workers: n, cpu: n * one.cpu, memory: n * one.memory }, ledger.available)) break;
    if (!taken.has(name)) names.push(name);
  }
  return names.map((name) => ({ kind: 'CreateWarm', name, size: size.name }));
}

/** Made to be claimed, not claimed yet, and not on its way out. */
const isWarm = ({ spec, metadata, status }: BurstWorker, size: string): boolean =>
  spec.claimable &&
  spec.claimRef === undefined &&
  spec.size === size &&
  metadata.deletionTimestamp === undefined &&
  status?.drain === undefined;

/** Its end comes before a replacement could be up. */
function isEnding({ status }: BurstWorker, { spec }: Seen['pool'], now: Date): boolean {
  if (status?.expiresAt === undefined) return false;
  return Date.parse(status.expiresAt) - now.getTime() <= leadMs(spec);
}

/** As long as provisioning may take, and at most a tenth of the ttl, so that short-lived workers are not replaced all the time. */
export const leadMs = ({ provisioning, ttl }: Seen['pool']['spec']): number =>
  Math.min(parseDuration(provisioning.timeout), parseDuration(ttl.default) / 10);

const retire = ({ metadata }: BurstWorker): WarmAction => ({ kind: 'RetireWarm', name: metadata.name });

const soonestEnd = (a: BurstWorker, b: BurstWorker): number =>
  (a.status?.expiresAt ?? '') < (b.status?.expiresAt ?? '') ? -1 : 1;
