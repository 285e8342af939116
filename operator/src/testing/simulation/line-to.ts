import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import type { Kept, MemoryApiServer, Place } from './api-server.ts';

/** One call, as an audit log would have it. */
export interface Call {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'evict';
  readonly resource: string;
  readonly name: string;
  readonly code: number;
}

export const isWrite = ({ verb }: Pick<Call, 'verb'>): boolean => verb !== 'get' && verb !== 'list';

/**
 * What may go wrong with a call: it is told before it reaches the server and after the server did it; throwing loses it
 * there. A number is how late it reaches the server, long after its sender has given up.
 */
export interface Trouble {
  before?(call: Omit<Call, 'code'>): void | number | Promise<void | number>;
  after?(call: Omit<Call, 'code'>): void | Promise<void>;
}

const LATENCY_MS = 2;

/** A client's line to the server: every call takes a moment, is written down, and may be troubled. */
export class LineTo {
  readonly calls: Call[] = [];
  trouble: Trouble = {};
  readonly #server: MemoryApiServer;

  constructor(server: MemoryApiServer) {
    this.#server = server;
  }

  get client(): KubeClient {
    const server = this.#server;
    const client = {
      get: (type: Place, key: string) => this.call('get', type, key, () => server.get(type, key)),
      list: (type: Place, options: object) => this.call('list', type, '', () => server.list(type, options)),
      create: (type: Place, object: Kept) =>
        this.call('create', type, object.metadata.name, () => server.create(type, object)),
      updateStatus: (type: Place, object: Kept) =>
        this.call('update', type, object.metadata.name, () => server.updateStatus(type, object)),
      patch: (type: Place, key: string, patch: object) =>
        this.call('patch', type, key, () => server.patch(type, key, patch)),
      delete: (type: Place, key: string, options: object) =>
        this.call('delete', type, key, () => server.delete(type, key, options)),
      evict: ({ namespace, name, uid }: { namespace: string; name: string; uid: string }) =>
        this.call('evict', PODS, `${namespace}/${name}`, () => server.delete(PODS, `${namespace}/${name}`, { uid })),
    };
    return client as unknown as KubeClient;
  }

  /** Any call that is made over this line. */
  async call<A>(
    verb: Call['verb'],
    { plural }: Pick<Place, 'plural'>,
    name: string,
    act: () => A | Promise<A>,
  ): Promise<A> {
    const call = { verb, resource: plural, name };
    await later(LATENCY_MS);
    const late = await this.trouble.before?.(call);
    if (typeof late === 'number') return await this.#tooLate(act, late);
    try {
      const answer = await act();
      this.calls.push({ ...call, code: 200 });
      await this.trouble.after?.(call);
      await later(LATENCY_MS);
      return answer;
    } catch (error) {
      if (error instanceof KubeError && error.status !== 0) this.calls.push({ ...call, code: error.status });
      throw error;
    }
  }

  /** A straggler: whether it still succeeds is between it and the server. */
  async #tooLate(act: () => unknown, ms: number): Promise<never> {
    void later(ms)
      .then(act)
      .catch(() => undefined);
    await later(LATENCY_MS);
    throw new KubeError('troubled', { status: 0, reason: 'Timeout', message: 'nobody waited for the answer' });
  }
}

const PODS: Place = { plural: 'pods', kind: 'Pod', group: '' };

export const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
