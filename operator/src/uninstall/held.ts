import {
  type BurstWorker,
  CORDON_FINALIZER,
  type NodeDrain,
  VM_FINALIZER,
  type WorkerPool,
  WORKERS_FINALIZER,
} from '@cortex/crds';

/** What only the operator can end, because it bears a finalizer of it. */
export interface Held {
  readonly kind: 'NodeDrain' | 'BurstWorker' | 'WorkerPool';
  readonly name: string;
  /** It ends by itself while the operator runs. */
  readonly ends: boolean;
}

export interface Objects {
  readonly drains: readonly NodeDrain[];
  readonly workers: readonly BurstWorker[];
  readonly pools: readonly WorkerPool[];
}

export function heldIn({ drains, workers, pools }: Objects): Held[] {
  return [
    ...drains.filter(bears(CORDON_FINALIZER)).map((drain) => held('NodeDrain', drain, isDeleted(drain))),
    ...workers
      .filter(bears(VM_FINALIZER))
      .map((worker) => held('BurstWorker', worker, isDeleted(worker) || ENDING.has(worker.status?.phase ?? ''))),
    ...pools.filter(bears(WORKERS_FINALIZER)).map((pool) => held('WorkerPool', pool, isDeleted(pool))),
  ];
}

/** Nothing would hang; what would ends by itself, if it is waited for; or somebody must end it first. */
export function verdict(all: readonly Held[]): 'free' | 'wait' | 'refuse' {
  if (all.length === 0) return 'free';
  return all.every(({ ends }) => ends) ? 'wait' : 'refuse';
}

/** What is there, why that matters, what to do. */
export const refusal = (all: readonly Held[]): string => `\
Not uninstalled: ${listed(all.filter(({ ends }) => !ends))} would be left behind. Without the operator nothing drains their Nodes, removes
their machines or takes their finalizers away. Delete them while it runs, in this order, then uninstall again:

  kubectl delete allocations --all --all-namespaces
  kubectl delete nodedrains,burstworkers,workerpools --all

To uninstall all the same, and leave them: helm uninstall --no-hooks
`;

export const waiting = (all: readonly Held[]): string => `Waiting for ${listed(all)} to end.\n`;

const ENDING = new Set(['Draining', 'Terminating']);
const NAMED = 5;

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
}

const bears =
  (finalizer: string) =>
  ({ metadata }: Named): boolean =>
    metadata.finalizers?.includes(finalizer) === true;

const isDeleted = ({ metadata }: Named): boolean => metadata.deletionTimestamp !== undefined;

const held = (kind: Held['kind'], { metadata: { name } }: Named, ends: boolean): Held => ({ kind, name, ends });

/** By kind: how many, and the first of them by name. */
function listed(all: readonly Held[]): string {
  const kinds = [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, some]) => {
    const names = some.map(({ name }) => name).toSorted();
    const more = names.length > NAMED ? ', …' : '';
    return `${some.length} ${kind}${some.length === 1 ? '' : 's'} (${names.slice(0, NAMED).join(', ')}${more})`;
  });
  return kinds.join(', ');
}
