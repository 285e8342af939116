import { ProviderError } from '../errors.ts';
import type { Caps, Checkpoint, Finding, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { GRACEFUL } from '../provider.ts';
import { check } from './check.ts';
import { end, settle } from './end.ts';
import { ABSENT, type Endpoint } from './endpoint.ts';
import { find, vmidOf } from './find.ts';
import { listed } from './list.ts';
import { place } from './make.ts';
import { raise } from './raise.ts';
import { volumeOf } from './seed.ts';

const READ_MS = 30_000;

/**
 * Machines of a Proxmox VE cluster. Calls that change something, to make one: clone, seed, configuration, disk, start;
 * to remove one: shutdown, protection, destroy, seed.
 */
export class ProxmoxProvider implements VmProvider {
  readonly kind = 'Proxmox';
  readonly caps: Caps = { seed: 'iso', systemUUID: true, list: true, gracefulStop: true, addresses: false };
  readonly #at: Endpoint;

  constructor(at: Endpoint) {
    this.#at = at;
  }

  async check(signal: AbortSignal): Promise<readonly Finding[]> {
    return await check(this.#at, signal);
  }

  async plan(request: VmRequest, now: Date): Promise<Checkpoint> {
    const { seedStorage } = this.#at.settings;
    if (request.seed !== undefined && seedStorage === undefined)
      throw new ProviderError(
        'Invalid',
        'NoSeedStorage',
        'bootstrap needs proxmox.seedStorage: a storage for ISO images',
      );
    const { id, host, attempt } = await place(this.#at, request, 1, AbortSignal.timeout(READ_MS));
    return {
      id,
      uuid: request.workerUid,
      host,
      attempt,
      providerID: `proxmox://${request.workerUid}`,
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
      ...(request.seed === undefined ? {} : { seed: volumeOf(seedStorage ?? '', request.workerUid) }),
    };
  }

  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    return await raise(this.#at, request, checkpoint, signal);
  }

  async observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    const found = await find(this.#at.client, owner, checkpoint, signal);
    if (found.state === 'absent') return ABSENT;
    const where = { id: String(vmidOf(checkpoint)), ...('host' in found ? { host: found.host } : {}) };
    if (found.state === 'nameless') return { ...where, state: found.work === 'creating' ? 'pending' : 'stopping' };
    if (found.state !== 'own') return { ...where, state: 'unknown' };
    const { clusterId, workerUid } = owner;
    const { lock } = found.config;
    if (lock === 'clone' || lock === 'create') return { ...where, clusterId, workerUid, state: 'pending' };
    const { status } = await this.#at.client.call('power', { node: found.host, vmid: vmidOf(checkpoint) }, signal);
    return { ...where, clusterId, workerUid, state: status === 'running' ? 'running' : 'stopped' };
  }

  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending = GRACEFUL): Promise<Step> {
    return await end(this.#at, owner, checkpoint, ending, signal);
  }

  async settle(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    return await settle(this.#at, owner, checkpoint, signal);
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    yield* await listed(this.#at, clusterId, signal);
  }
}
