import { ProviderError } from '../errors.ts';
import { hashOf, isoImage } from '../iso.ts';
import type { Caps, Checkpoint, Finding, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { GRACEFUL } from '../provider.ts';
import type { ExternalClient } from './client.ts';
import { Checked, Machine, Page } from './wire.ts';

const ABSENT: VmView = { state: 'absent' };
const LOOK_AGAIN_MS = 1_000;
const MOST_PAGES = 1_000;
/** That its seed is still at the service; where, is the service's business. */
const SEED = 'external';

/**
 * Machines that a service of somebody else makes, by the contract in docs/providers/external.yaml: it keeps each under the
 * cluster and the worker it is for, which are its marker. Calls that change something: PUT to make or start a machine, DELETE to end it, DELETE of its seed.
 */
export class ExternalProvider implements VmProvider {
  readonly kind = 'External';
  readonly caps: Caps = { seed: 'native', systemUUID: true, list: true, gracefulStop: true, addresses: true };
  readonly #client: ExternalClient;

  constructor(client: ExternalClient) {
    this.#client = client;
  }

  async check(signal: AbortSignal): Promise<readonly Finding[]> {
    const checked = await this.#client.call({ method: 'GET', path: '/v1/check' }, Checked, signal);
    return checked?.findings ?? [{ what: 'The service has no /v1/check', fix: 'correct external.url' }];
  }

  async plan({ workerUid, seed }: VmRequest, now: Date): Promise<Checkpoint> {
    return {
      id: workerUid,
      uuid: workerUid,
      attempt: 1,
      providerID: `external://${workerUid}`,
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
      ...(seed === undefined ? {} : { seed: SEED }),
    };
  }

  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const there = await this.#find(request, signal);
    if (there?.state === 'running') return { vm: there, checkpoint: hosted(checkpoint, there), done: true };
    if (there !== undefined && there.state !== 'stopped') return waits(there, hosted(checkpoint, there));
    await request.seed?.assertValid(checkpoint);
    const seed =
      there === undefined && checkpoint.seed !== undefined ? await request.seed?.render(checkpoint) : undefined;
    const put = {
      method: 'PUT' as const,
      path: pathOf(request),
      idempotencyKey: `${request.workerUid}/${checkpoint.attempt ?? 1}`,
      body: wished(request, checkpoint, seed),
    };
    const made = own(await this.#client.call(put, Machine, signal), request) ?? { state: 'unknown' as const };
    const kept = seed === undefined ? {} : { seedHash: hashOf(isoImage(seed)) };
    return waits(made, { ...hosted(checkpoint, made), ...kept });
  }

  async observe(owner: Owner, _checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    try {
      return (await this.#find(owner, signal)) ?? ABSENT;
    } catch (error) {
      if (error instanceof ProviderError && error.class === 'Foreign') return { state: 'unknown' };
      throw error;
    }
  }

  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending = GRACEFUL): Promise<Step> {
    const there = await this.#find(owner, signal);
    const { seed: _seed, operation: _operation, ...rest } = checkpoint;
    if (there === undefined) return { vm: ABSENT, checkpoint: rest, done: true };
    const asked = checkpoint.operation === ENDING;
    if (there.state === 'stopping' && asked) return waits(there, checkpoint);
    const path = `${pathOf(owner)}?graceMs=${ending.graceful ? ending.graceMs : 0}`;
    await this.#client.call({ method: 'DELETE', path }, Machine, signal);
    return waits({ ...there, state: 'stopping' }, { ...checkpoint, operation: ENDING });
  }

  async settle(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const { seed: _seed, ...rest } = checkpoint;
    await this.#client.call({ method: 'DELETE', path: `${pathOf(owner)}/seed` }, Machine, signal);
    return { vm: { state: 'unknown' }, checkpoint: rest, done: true };
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const path = `/v1/clusters/${encodeURIComponent(clusterId)}/machines${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`;
      const answer = await this.#client.call({ method: 'GET', path }, Page, signal);
      if (answer === undefined) throw partial();
      for (const machine of answer.items) if (machine.clusterId === clusterId) yield machine;
      if (answer.next === undefined) return;
      after = answer.next;
    }
    throw partial();
  }

  async #find(owner: Owner, signal: AbortSignal): Promise<VmView | undefined> {
    return own(await this.#client.call({ method: 'GET', path: pathOf(owner) }, Machine, signal), owner);
  }
}

const ENDING = 'ending';

const pathOf = ({ clusterId, workerUid }: Owner): string =>
  `/v1/clusters/${encodeURIComponent(clusterId)}/machines/${encodeURIComponent(workerUid)}`;

const wished = (request: VmRequest, checkpoint: Checkpoint, seed: object | undefined): object => ({
  name: request.name,
  pool: request.pool,
  size: request.size,
  labels: request.labels,
  annotations: request.annotations,
  taints: request.taints,
  providerID: checkpoint.providerID,
  ...(seed === undefined ? {} : { seed }),
});

/** A service that answers with another's machine is believed in that, and in nothing else. */
function own(machine: VmView | undefined, owner: Owner): VmView | undefined {
  if (machine === undefined) return undefined;
  if (machine.clusterId === owner.clusterId && machine.workerUid === owner.workerUid) return machine;
  const message = `The service has a machine of another under the UID of BurstWorker ${owner.name}; nothing of it is touched`;
  throw new ProviderError('Foreign', 'NotOurs', message);
}

const hosted = (checkpoint: Checkpoint, { id, host }: VmView): Checkpoint => ({
  ...checkpoint,
  ...(id === undefined ? {} : { id }),
  ...(host === undefined ? {} : { host }),
});

const waits = (vm: VmView, checkpoint: Checkpoint): Step => ({
  vm,
  checkpoint,
  done: false,
  retryAfterMs: LOOK_AGAIN_MS,
});

const partial = (): ProviderError =>
  new ProviderError('Transient', 'PartialList', 'the service did not list its machines to the end');
