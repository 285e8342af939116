import type { DeleteOptions, KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import type { Kept, MemoryApiServer, Place } from '../simulation/api-server.ts';

/** The process of the operator, as long as it lives. */
export interface Process {
  dead: boolean;
}

class Crash extends Error {
  override readonly name = 'Crash';
}

/** The process ends here: no call of it reaches anybody any more. */
export function crash(process: Process): never {
  process.dead = true;
  throw new Crash('as planned');
}

/** What befalls one of the calls that follow. */
export interface Misfortune {
  /** How many calls pass before it. */
  after: number;
  readonly kind: 'crash before' | 'crash after' | 'lost' | 'refused';
}

/** Judges what would destroy something, before it does. */
export interface Judge {
  deleting(resource: string, key: string): void;
}

const PODS: Place = { plural: 'pods', kind: 'Pod', group: '' };

/** The operator's client: every deletion is judged, and now and then a call goes wrong. */
export function watchedClient(
  server: MemoryApiServer,
  judge: Judge,
  misfortunes: Misfortune[],
  process: Process,
): KubeClient {
  const call = async <A>(act: () => A): Promise<A> => {
    if (process.dead) throw new Crash('dead');
    const misfortune = due(misfortunes);
    if (misfortune === 'crash before') crash(process);
    if (misfortune === 'refused') throw noAnswer('refused', 503);
    const answer = act();
    if (misfortune === 'crash after') crash(process);
    if (misfortune === 'lost') throw noAnswer('lost', 0);
    return answer;
  };
  const remove = (type: Place, key: string, options: DeleteOptions): void => {
    matches(server, type, key, options);
    judge.deleting(type.plural, key);
    server.delete(type, key, options);
  };
  const client = {
    get: (type: Place, key: string) => call(() => server.get(type, key)),
    list: (type: Place, options: object) => call(() => server.list(type, options)),
    create: (type: Place, object: Kept) => call(() => server.create(type, object)),
    updateStatus: (type: Place, object: Kept) => call(() => server.updateStatus(type, object)),
    patch: (type: Place, key: string, patch: object) => call(() => server.patch(type, key, patch)),
    delete: (type: Place, key: string, options: DeleteOptions = {}) => call(() => remove(type, key, options)),
    evict: ({ namespace, name, uid }: { namespace: string; name: string; uid?: string }) =>
      call(() => remove(PODS, `${namespace}/${name}`, uid === undefined ? {} : { uid })),
  };
  return client as unknown as KubeClient;
}

/** A call whose preconditions do not hold destroys nothing, so there is nothing to judge. */
function matches(server: MemoryApiServer, type: Place, key: string, { uid, resourceVersion }: DeleteOptions): void {
  const { metadata } = server.get(type, key);
  const other = (uid ?? metadata.uid) !== metadata.uid;
  if (other || (resourceVersion ?? metadata.resourceVersion) !== metadata.resourceVersion)
    throw new KubeError('in memory', { status: 409, reason: 'Conflict', message: `${type.kind} ${key} is another` });
}

function due(misfortunes: Misfortune[]): Misfortune['kind'] | undefined {
  const [next] = misfortunes;
  if (next === undefined || next.after-- > 0) return undefined;
  misfortunes.shift();
  return next.kind;
}

const noAnswer = (what: string, status: number): KubeError =>
  new KubeError('in memory', { status, reason: what, message: 'as planned' });
