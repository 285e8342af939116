import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { adviceOn, ProviderError } from '../providers/errors.ts';
import type { Checkpoint, Step, VmProvider, VmRequest, VmView } from '../providers/provider.ts';
import type { Bootstrap } from '../providers/bootstrap/bootstrap.ts';
import type { Providers } from '../providers/registry.ts';
import { reasonOfCode } from '../provider-reasons.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { birthLabels, birthTaints } from './marks.ts';

export interface MachinesOptions {
  readonly providers: Providers;
  readonly bootstrap: Pick<Bootstrap, 'seedOf' | 'revoke'>;
  readonly clusterId: () => string;
  /** Throws when the lease could end during a call (contract S10). */
  readonly fence: () => void;
  /** A time that the API server's clock has reached for certain: no Node of a machine made from now on is older (contract S2). */
  readonly earliest: () => Date;
}

const CHANGE_MS = 8_000;
const READ_MS = 30_000;
const OFF: ReadonlySet<string> = new Set(['absent', 'stopped']);

/** The machines of workers: the pool's provider, asked in the worker's name, its refusals turned into consequences. */
export class Machines {
  readonly #options: MachinesOptions;

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  async plan(worker: BurstWorker, pool: WorkerPool): Promise<Checkpoint> {
    const request = this.#request(worker, pool);
    return await translated(this.#with(pool, (provider) => provider.plan(request, this.#options.earliest())));
  }

  async ensure(worker: BurstWorker, pool: WorkerPool, checkpoint: Checkpoint): Promise<Step> {
    this.#options.fence();
    return await translated(
      this.#with(pool, (provider) =>
        provider.ensure(this.#request(worker, pool), checkpoint, AbortSignal.timeout(CHANGE_MS)),
      ),
    );
  }

  async look(worker: BurstWorker, pool: WorkerPool, checkpoint: Checkpoint): Promise<VmView> {
    return await translated(
      this.#with(pool, (provider) =>
        provider.observe(this.#request(worker, pool), checkpoint, AbortSignal.timeout(READ_MS)),
      ),
    );
  }

  /** Whether a machine whose Node does not answer runs; a provider that cannot say does not know (contract D14). */
  async verdict(worker: BurstWorker, pool: WorkerPool, checkpoint: Checkpoint): Promise<'on' | 'off' | 'unknown'> {
    try {
      const { state } = await this.look(worker, pool, checkpoint);
      return state === 'unknown' ? 'unknown' : OFF.has(state) ? 'off' : 'on';
    } catch {
      return 'unknown';
    }
  }

  async remove(worker: BurstWorker, pool: WorkerPool, checkpoint: Checkpoint): Promise<Step> {
    this.#options.fence();
    const step = await translated(
      this.#with(pool, (provider) =>
        provider.remove(this.#request(worker, pool), checkpoint, AbortSignal.timeout(CHANGE_MS)),
      ),
    );
    if (step.done && checkpoint.seed !== undefined)
      await translated(this.#options.bootstrap.revoke(pool, { workerUid: worker.metadata.uid }));
    return step;
  }

  /** Its Node is whole: what it booted with is taken out, and the token in it opens nothing any more. */
  async settle(worker: BurstWorker, pool: WorkerPool, checkpoint: Checkpoint): Promise<Step> {
    this.#options.fence();
    await translated(this.#options.bootstrap.revoke(pool, { workerUid: worker.metadata.uid }));
    return await translated(
      this.#with(pool, async (provider) => {
        const signal = AbortSignal.timeout(CHANGE_MS);
        return (await provider.settle?.(this.#request(worker, pool), checkpoint, signal)) ?? settled(checkpoint);
      }),
    );
  }

  async #with<A>(pool: WorkerPool, call: (provider: VmProvider) => Promise<A>): Promise<A> {
    const provider = await this.#options.providers.open(pool);
    if (provider !== undefined) return await call(provider);
    const lacks = this.#options.providers.lacks(pool.spec.provider?.type ?? 'none') ?? '';
    throw new Stalled('ProviderNotBuilt', `WorkerPool ${pool.metadata.name}: ${lacks}`);
  }

  #request(worker: BurstWorker, pool: WorkerPool): VmRequest {
    const named = pool.spec.sizes.find(({ name }) => name === (worker.spec.size ?? pool.spec.defaultSize));
    const { cpu, memory, disk } = worker.status?.resources ?? named ?? { cpu: '0', memory: '0', disk: undefined };
    const request = {
      clusterId: this.#options.clusterId(),
      workerUid: worker.metadata.uid,
      name: worker.metadata.name,
      pool: pool.metadata.name,
      size: { cpu, memory, ...(disk === undefined ? {} : { disk }) },
      labels: birthLabels({ worker, pool }),
      annotations: pool.spec.template?.annotations ?? {},
      taints: [...birthTaints({ worker, pool }), ...(pool.spec.template?.taints ?? []).map(asTaint)],
      bootDelayMs: parseDuration(pool.spec.provider?.kwok?.bootDelay ?? '0s'),
    };
    const seed = this.#options.bootstrap.seedOf(pool, request);
    return seed === undefined ? request : { ...request, seed };
  }
}

/** Where nothing can be taken out, it is only forgotten. */
function settled(checkpoint: Checkpoint): Step {
  const { seed: _seed, ...rest } = checkpoint;
  return { vm: { state: 'unknown' }, checkpoint: rest, done: true };
}

const asTaint = ({
  key,
  value,
  effect,
}: {
  key: string;
  value?: string | undefined;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}) => ({
  key,
  effect,
  ...(value === undefined ? {} : { value }),
});

/** A provider's refusal, as its consequence for the worker. */
async function translated<A>(call: Promise<A>): Promise<A> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const advice = adviceOn(error);
    const reason = error.class === 'Foreign' ? 'IdentityConflict' : reasonOfCode(error.code);
    if (advice.kind === 'stop') throw new Stalled(reason, error.message, error);
    if (advice.kind === 'after') throw new Waiting(advice.ms, reason, error.message, error);
    throw error;
  }
}
