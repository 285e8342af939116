import { AdmissionLoop } from './admission/controller.ts';
import { keyOf } from './kube/object.ts';
import type { OperatorParts } from './operator.ts';
import { wakeUp } from './runtime/outcome.ts';
import { reconcile, type Room } from './runtime/reconcile.ts';
import { WorkQueue, type WorkQueueOptions } from './runtime/work-queue.ts';
import type { Logger } from './telemetry/log.ts';
import type { Scout } from './worker-pool/scout.ts';

/** How many pools are looked at for their provider at once. */
const PROVIDERS = 4;

/** The work queue of a room. */
export function queueOf<O, A extends { readonly kind: string }, S>(
  room: Room<O, A, S>,
  workers: number,
  parts: OperatorParts,
  options: Pick<WorkQueueOptions, 'spacingMs'> = {},
): WorkQueue {
  return new WorkQueue({
    ...options,
    name: room.name,
    workers,
    reconcile: (key) =>
      reconcile(room, key, parts.clock.now(), (action, ms, failure) => {
        logAction(parts.log, room.name, key, action.kind, ms, failure);
        parts.done?.(room.name, key, action.kind, ms, failure);
      }),
    onFailure: (key, failure, failures) => logFailure(parts.log, room.name, key, failure, failures),
    observer: parts.metrics.queue(room.name),
  });
}

/** One key per pool whose provider is looked at. */
export const providerQueue = (scout: Scout, { log, metrics }: OperatorParts): WorkQueue =>
  new WorkQueue({
    name: 'provider',
    workers: PROVIDERS,
    reconcile: (name) => scout.look(name),
    onFailure: (key, failure, failures) => logFailure(log, 'provider', key, failure, failures),
    observer: metrics.queue('provider'),
  });

/** One key, so that the loop never runs twice at once (contract C5). */
export function admissionQueue({ kinds, office, fence, frozen, clock, log, metrics }: OperatorParts): WorkQueue {
  const loop = new AdmissionLoop({
    kinds,
    office,
    fence,
    frozen,
    onVerdict: ({ kind, candidate }, ms) => logAction(log, 'admission', keyOf(candidate), kind, ms, undefined),
    onAudit: (drifted) => {
      metrics.drifted(drifted.length);
      if (drifted.length > 0) log.error('the ledger drifted and was put right', { kind: 'admission', pools: drifted });
    },
  });
  return new WorkQueue({
    name: 'admission',
    workers: 1,
    reconcile: async () => wakeUp(undefined, await loop.pass(clock.now())),
    onFailure: (key, failure, failures) => logFailure(log, 'admission', key, failure, failures),
    observer: metrics.queue('admission'),
  });
}

function logAction(log: Logger, kind: string, key: string, action: string, ms: number, failure: unknown): void {
  if (failure === undefined) log.info(action, { kind, key, action, ms });
}

/** A lost race is every day's business; what fails again and again is not. */
function logFailure(log: Logger, kind: string, key: string, error: unknown, failures: number): void {
  log[failures < 3 ? 'debug' : 'warn']('will be tried again', { kind, key, error, failures });
}
