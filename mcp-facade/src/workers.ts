import type { Call } from './call.ts';
import { isMissing } from './cluster-error.ts';
import { Failure } from './failures.ts';
import { meant } from './near.ts';
import { ofBurstWorker, ofPoolNode, type Worker } from './present/worker.ts';

/** Every worker there is: BurstWorkers, and what permanent pools count. */
export async function allWorkers(call: Call): Promise<Worker[]> {
  const [workers, pools] = await Promise.all([call.cluster.list('workers'), call.cluster.list('pools')]);
  const permanent = pools.flatMap(({ metadata, status }) =>
    (status?.nodes ?? []).map((entry) => ofPoolNode(entry, metadata.name)),
  );
  return [...workers.map(ofBurstWorker), ...permanent];
}

/** The worker of this name, or whose Node has it, a BurstWorker as the API server has it now; throws not_found. */
export async function findWorker(call: Call, id: string): Promise<Worker> {
  const all = await allWorkers(call);
  const known = all.find(({ name }) => name === id) ?? all.find(({ node }) => node === id);
  if (known !== undefined && known.burst === undefined) return known;
  try {
    return ofBurstWorker(await call.cluster.get('workers', known?.name ?? id));
  } catch (error) {
    if (isMissing(error)) throw missing(id, all);
    throw error;
  }
}

const missing = (id: string, all: readonly Worker[]): Failure =>
  new Failure('not_found', `Worker ${id} not found`, {
    nextStep: 'Call list_workers to see what exists; a destroyed worker is gone from it.',
    data: {
      worker_id: id,
      ...meant(
        id,
        all.map(({ name }) => name),
      ),
    },
  });
