import type { Breaker } from './breaker.ts';
import type { Budget, Limits } from './budget.ts';
import { ProviderError } from './errors.ts';
import type { Caps, Checkpoint, Ending, Finding, Owner, Step, VmProvider, VmRequest, VmView } from './provider.ts';

/** One call of the port, as it went. */
export interface ProviderCall {
  readonly provider: string;
  readonly verb: 'check' | 'plan' | 'ensure' | 'observe' | 'remove' | 'settle' | 'list';
  /** `ok`, or the class of the refusal. */
  readonly result: string;
  readonly ms: number;
}

export interface GuardOptions {
  readonly breaker: Pick<Breaker, 'around'>;
  readonly budget: Budget;
  readonly limits: Limits;
  readonly called: (call: ProviderCall) => void;
  /** The credentials were refused: they are to be read anew. */
  readonly refused: () => void;
}

/** A provider whose endpoint is left alone while it is silent, which makes no more than it may, and whose calls are counted. */
export class GuardedProvider implements VmProvider {
  readonly #inner: VmProvider;
  readonly #options: GuardOptions;

  constructor(inner: VmProvider, options: GuardOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  get kind(): string {
    return this.#inner.kind;
  }

  get caps(): Caps {
    return this.#inner.caps;
  }

  async check(signal: AbortSignal): Promise<readonly Finding[]> {
    return await this.#around('check', () => this.#inner.check(signal));
  }

  async plan(request: VmRequest, now: Date): Promise<Checkpoint> {
    return await this.#around('plan', () => this.#inner.plan(request, now));
  }

  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const { budget, limits } = this.#options;
    return await this.#around('ensure', async () => {
      await budget.admit(request, limits, () => this.#uids(request.clusterId, signal));
      const step = await this.#inner.ensure(request, checkpoint, signal);
      if (step.done) budget.done(request);
      return step;
    });
  }

  async observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    return await this.#around('observe', () => this.#inner.observe(owner, checkpoint, signal));
  }

  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending?: Ending): Promise<Step> {
    this.#options.budget.done(owner);
    return await this.#around('remove', () => this.#inner.remove(owner, checkpoint, signal, ending));
  }

  async settle(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const { seed: _seed, ...rest } = checkpoint;
    const settled: Step = { vm: { state: 'unknown' }, checkpoint: rest, done: true };
    return await this.#around('settle', async () => (await this.#inner.settle?.(owner, checkpoint, signal)) ?? settled);
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    yield* await this.#around('list', () => Array.fromAsync(this.#inner.list(clusterId, signal)));
  }

  async #uids(clusterId: string, signal: AbortSignal): Promise<Set<string>> {
    const views = await Array.fromAsync(this.#inner.list(clusterId, signal));
    return new Set(views.flatMap(({ workerUid }) => workerUid ?? []));
  }

  async #around<A>(verb: ProviderCall['verb'], call: () => Promise<A>): Promise<A> {
    const startedAt = performance.now();
    const { breaker, called, refused } = this.#options;
    const tell = (result: string): void =>
      called({ provider: this.kind, verb, result, ms: performance.now() - startedAt });
    try {
      const answer = await breaker.around(call);
      tell('ok');
      return answer;
    } catch (error) {
      tell(error instanceof ProviderError ? error.class : 'Internal');
      if (error instanceof ProviderError && error.class === 'Unauthorized') refused();
      throw error;
    }
  }
}
