import type { Allocation, BurstWorker } from '@cortex/crds';
import { Waiting } from './runtime/outcome.ts';
import type { Kinds } from './stores.ts';
import { allocationTraces, workerTraces } from './telemetry/life-traces.ts';
import { type Life, lifeOf, lifeOfWorker } from './telemetry/trace-context.ts';
import type { Tracing } from './telemetry/tracing.ts';

/** Hears of an action on the object of a room, when it is over. */
export type Done = (room: string, key: string, action: string, ms: number, failure: unknown) => void;

/** Lets traces see objects live and end. Only the leader tells, so that everything is told once. */
export function trace(kinds: Kinds, tracing: Tracing, leading: () => boolean, now: () => Date): void {
  kinds.allocations.store.onChange((_key, object, before) => {
    if (leading()) for (const span of allocationTraces(object, before, now())) tracing.told(span);
  });
  kinds.workers.store.onChange((_key, object, before) => {
    if (!leading()) return;
    for (const span of workerTraces(object, before, now(), claimantOf(kinds, object ?? before))) tracing.told(span);
  });
}

/** What is done for an Allocation or a worker is part of its life. Waiting is no failure. */
export const actionsTold =
  (kinds: Kinds, tracing: Tracing, now: () => Date): Done =>
  (room, key, action, ms, failure) => {
    const life = lifeIn(kinds, room, key);
    if (life?.sampled !== true) return;
    const to = now();
    tracing.told({
      name: `${room} ${action}`,
      traceId: life.traceId,
      parentId: life.spanId,
      from: new Date(to.getTime() - ms),
      to,
      attributes: { 'cortex.key': key },
      failure: failure === undefined || failure instanceof Waiting ? undefined : reasonOf(failure),
    });
  };

function lifeIn(kinds: Kinds, room: string, key: string): Life | undefined {
  if (room === 'allocation') return livingOf(kinds.allocations.get(key), lifeOf);
  if (room !== 'burst-worker') return undefined;
  return livingOf(kinds.workers.get(key), (worker) => lifeOfWorker(worker, claimantOf(kinds, worker)));
}

const livingOf = <T>(object: T | undefined, life: (object: T) => Life): Life | undefined =>
  object === undefined ? undefined : life(object);

function claimantOf(kinds: Kinds, worker: BurstWorker | undefined): Allocation | undefined {
  const claim = worker?.spec.claimRef;
  return claim && kinds.allocations.get(`${claim.namespace}/${claim.name}`);
}

/** A word, not what the other side said. */
function reasonOf(failure: unknown): string {
  if (failure instanceof Error && 'reason' in failure && typeof failure.reason === 'string') return failure.reason;
  return failure instanceof Error ? failure.name : 'Error';
}
