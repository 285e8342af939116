import { ANNOTATION, type BurstWorker, parseDuration, type WorkerPool } from '@cortex/crds';
import type { Call } from './call.ts';
import { ClusterError, clusterFailure } from './cluster-error.ts';
import { Failure } from './failures.ts';
import { SPEC_HASH, stamps } from './identity.ts';
import type { Draft } from './kinds.ts';
import { requestName } from './names.ts';
import { type Created, createOnce, hashOf, replay } from './once.ts';
import { findPool, requireSlots, sizeOf } from './pools.ts';
import { clean } from './present/text.ts';
import { cores, gib } from './present/units.ts';
import { holds, ofBurstWorker } from './present/worker.ts';
import { follow } from './wait.ts';

export interface Wanted {
  readonly count: number;
  /** Hours. */
  readonly ttl: number;
  readonly size?: string | undefined;
  readonly pool?: string | undefined;
  readonly idempotency_key?: string | undefined;
}

type Size = WorkerPool['spec']['sizes'][number];
type Made = Created<'workers'> | { readonly name: string; readonly failure: Failure };

/** How long a worker may wait for its admission before it is shown as it is. */
const VERDICT_MS = 5_000;

/** Makes the workers, all at once, and waits for the pool to admit or refuse each of them. */
export async function provision(wanted: Wanted, call: Call) {
  const pool = await findPool(wanted.pool, call);
  const size = sizeOf(pool, wanted.size);
  requireLifetime(pool, wanted.ttl);
  const drafts = Array.from({ length: wanted.count }, (_, index) => draftOf(wanted, pool, size, index, call));
  if (!(await begun(wanted, drafts, call))) requireSlots(pool, wanted.count);
  const made = await Promise.all(drafts.map(async (draft) => await makeOne(draft, call)));
  const failed = made.filter((each) => 'failure' in each);
  const standing = made.filter((each) => 'object' in each);
  if (standing.length === 0 && failed[0] !== undefined) throw failed[0].failure;
  return {
    provisioned_workers: standing.map(({ object }) => presented(object, size, wanted.ttl)),
    count: standing.length,
    size: size.name,
    ttl_hours: wanted.ttl,
    partial: failed.length > 0,
    failed: failed.map(({ name, failure }) => ({ name, code: failure.code, error: failure.message })),
    replayed: standing.length > 0 && standing.every(({ replayed }) => replayed),
  };
}

/** An earlier call with the same key made some of them; throws idempotency_conflict where it asked for something else. */
async function begun({ idempotency_key }: Wanted, drafts: readonly Draft<'workers'>[], call: Call): Promise<boolean> {
  if (idempotency_key === undefined) return false;
  const earlier = await Promise.all(drafts.map(async (draft) => await replay(call, 'workers', draft)));
  return earlier.some((worker) => worker !== undefined);
}

function requireLifetime(pool: WorkerPool, hours: number): void {
  if (hours * 3_600_000 <= parseDuration(pool.spec.ttl.max)) return;
  throw new Failure('invalid', `WorkerPool ${pool.metadata.name} lets workers live for ${pool.spec.ttl.max} at most`, {
    nextStep: 'Ask for a shorter ttl, or name another pool.',
  });
}

function draftOf(wanted: Wanted, pool: WorkerPool, size: Size, index: number, call: Call): Draft<'workers'> {
  const { principal } = call.caller;
  const key = wanted.idempotency_key === undefined ? undefined : `${wanted.idempotency_key}/${index}`;
  const spec = { pool: pool.metadata.name, size: size.name, ttl: `${wanted.ttl}h` };
  return {
    metadata: {
      name: requestName('burst-worker-', { principal, tool: 'provision_workers', key }),
      annotations: {
        ...stamps(call),
        [SPEC_HASH]: hashOf({ ...spec, count: wanted.count }),
        [ANNOTATION.whenInsufficient]: 'Fail',
      },
    },
    spec,
  };
}

/** One worker: made, made by an earlier call, or refused; what befalls one says nothing of the others. */
async function makeOne(draft: Draft<'workers'>, call: Call): Promise<Made> {
  const { name } = draft.metadata;
  try {
    const created = await createOnce(call, 'workers', draft);
    const object = await admitted(created.object, call);
    const failure = refusalOf(object, created.replayed);
    return failure === undefined ? { ...created, object } : { name, failure };
  } catch (error) {
    if (error instanceof ClusterError) return { name, failure: clusterFailure(error) };
    if (error instanceof Failure) return { name, failure: error };
    throw error;
  }
}

async function admitted(worker: BurstWorker, call: Call): Promise<BurstWorker> {
  let latest = worker;
  await follow<'workers', true>(call, {
    kind: 'workers',
    key: worker.metadata.name,
    timeoutMs: VERDICT_MS,
    until: (seen) => {
      latest = seen ?? latest;
      return seen === undefined || holds(seen, 'Admitted') || seen.status?.phase === 'Failed' ? true : undefined;
    },
    say: (seen) => `${worker.metadata.name}: ${seen?.status?.phase ?? 'Requested'}`,
  });
  return latest;
}

/** A worker that came to nothing, in the operator's words. */
function refusalOf({ status, metadata }: BurstWorker, replayed: boolean): Failure | undefined {
  if (status?.phase !== 'Failed') return undefined;
  const said = status.conditions?.find(({ type }) => type === 'Ready');
  const isFull = said?.reason === 'LimitReached';
  return new Failure(isFull ? 'capacity_exhausted' : 'unavailable', clean(said?.message ?? 'It says no more'), {
    nextStep: replayed
      ? 'This is what an earlier call with the same key came to: use a new key.'
      : 'Ask for fewer workers, name another pool, or try later.',
    data: { worker_id: metadata.name, status: 'failed' },
  });
}

function presented(worker: BurstWorker, size: Size, hours: number) {
  const { cpu = size.cpu, memory = size.memory, disk = size.disk } = worker.status?.resources ?? {};
  return {
    name: worker.metadata.name,
    status: ofBurstWorker(worker).status,
    type: 'burst',
    size: worker.spec.size ?? size.name,
    resources: { cpu: cores(cpu), memory_gb: gib(memory), disk_gb: gib(disk) },
    ttl_hours: hours,
    ttl_expires: worker.status?.expiresAt ?? null,
    created_at: worker.metadata.creationTimestamp,
  };
}
