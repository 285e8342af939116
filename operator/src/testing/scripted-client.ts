import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/errors.ts';
import { keyOf, type KubeObject, type ResourceType } from '../kube/object.ts';

/** The API server in a map: optimistic concurrency and nothing else. Faults are put in before or after the write. */
export class ScriptedClient {
  readonly objects = new Map<string, KubeObject>();
  readonly creates: KubeObject[] = [];
  /** Throws, or waits, before a call reaches the server. */
  before: (verb: string) => unknown = () => undefined;
  /** Throws, or waits, after it did: the answer is lost or late. */
  after: (verb: string) => unknown = () => undefined;
  #version = 0;

  /** Every verb but these throws: tests here need no more. */
  get client(): KubeClient {
    const verbs = {
      get: (type: ResourceType<KubeObject>, key: string) => this.#call('get', () => this.#get(type, key)),
      create: (type: ResourceType<KubeObject>, object: KubeObject) =>
        this.#call('create', () => this.#create(type, object)),
      update: (type: ResourceType<KubeObject>, object: KubeObject) =>
        this.#call('update', () => this.#update(type, object)),
    };
    return verbs as unknown as KubeClient;
  }

  async #call<R>(verb: string, act: () => R): Promise<R> {
    await this.before(verb);
    const result = structuredClone(act());
    await this.after(verb);
    return result;
  }

  #get(type: ResourceType<KubeObject>, key: string): KubeObject {
    const object = this.objects.get(`${type.plural}/${key}`);
    if (object === undefined) throw refusal(404, 'NotFound');
    return object;
  }

  #create(type: ResourceType<KubeObject>, object: KubeObject): KubeObject {
    const at = `${type.plural}/${keyOf(object)}`;
    if (this.objects.has(at)) throw refusal(409, 'AlreadyExists');
    const stored = this.#stamp(object);
    this.objects.set(at, stored);
    this.creates.push(stored);
    return stored;
  }

  #update(type: ResourceType<KubeObject>, object: KubeObject): KubeObject {
    if (this.#get(type, keyOf(object)).metadata.resourceVersion !== object.metadata.resourceVersion)
      throw refusal(409, 'Conflict');
    const stored = this.#stamp(object);
    this.objects.set(`${type.plural}/${keyOf(object)}`, stored);
    return stored;
  }

  #stamp(object: KubeObject): KubeObject {
    return structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } });
  }
}

export const refusal = (status: number, reason: string): KubeError =>
  new KubeError('scripted', { status, reason, message: '' });
