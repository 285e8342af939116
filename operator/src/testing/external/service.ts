import { createServer, type Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Owner } from '../../providers/provider.ts';
import { isSigned } from '../../providers/external/signature.ts';
import type { Certificate } from '../certificate.ts';

export interface Kept extends Pick<Owner, 'clusterId' | 'workerUid'> {
  readonly id: string;
  readonly size: unknown;
  seed: unknown;
  state: 'pending' | 'running' | 'stopping' | 'stopped';
  /** When what is under way is over. */
  readyAt: number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const BOOT_MS = 1_000;
const PAGE = 100;
const MACHINE = /^\/v1\/clusters\/(?<clusterId>[^/]+)\/machines\/(?<workerUid>[^/]+?)(?<seed>\/seed)?$/;
const MACHINES = /^\/v1\/clusters\/(?<clusterId>[^/]+)\/machines$/;

/** A service as docs/providers/external.yaml describes it, with machines in memory on a clock of the test's: the reference. */
export class ExternalService implements AsyncDisposable {
  /** By the UID of the worker: two clusters never have the same. */
  readonly machines = new Map<string, Kept>();
  readonly idempotencyKeys: string[] = [];
  /** Calls that came in, by the words of the page for authors. */
  readonly calls = new Set<string>();
  key = 'a-canary-key';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #now: () => Date;

  private constructor(now: () => Date, certificate: Certificate) {
    this.#now = now;
    this.#server = createServer(certificate, (request, response) => {
      void this.#serve(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(now: () => Date, certificate: Certificate): Promise<ExternalService> {
    const service = new ExternalService(now, certificate);
    const { promise, resolve } = Promise.withResolvers<void>();
    service.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return service;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/machines`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  /** What is due has happened before anybody looks. */
  settle(): void {
    const now = this.#now().getTime();
    for (const [uid, machine] of this.machines) {
      if (machine.readyAt > now) continue;
      if (machine.state === 'pending') machine.state = 'running';
      if (machine.state === 'stopping') this.machines.delete(uid);
    }
  }

  async #serve(request: IncomingMessage): Promise<Answer> {
    const body = await text(request);
    const { method = '', url = '', headers } = request;
    const signature = String(headers['cortex-signature'] ?? '');
    if (!isSigned(this.key, signature, { method, path: url, body }, this.#now()))
      return refused(401, 'Unauthorized', 'BadSignature', 'the signature is not right');
    this.settle();
    const { pathname, searchParams } = new URL(url, 'https://service');
    const path = pathname.replace('/machines/v1', '/v1');
    const one = MACHINE.exec(path)?.groups;
    const all = MACHINES.exec(path)?.groups;
    this.calls.add(`${method.toLowerCase()} ${templateOf(path)}`);
    if (path === '/v1/check') return { status: 200, body: { findings: [] } };
    if (all !== undefined)
      return this.#list(decodeURIComponent(all['clusterId'] ?? ''), searchParams.get('after') ?? '');
    if (one === undefined) return refused(400, 'Invalid', 'NoSuchPath', `there is no ${path}`);
    const owner = { clusterId: decodeURIComponent(one['clusterId'] ?? ''), workerUid: one['workerUid'] ?? '' };
    if (method === 'PUT') this.idempotencyKeys.push(String(headers['idempotency-key']));
    return this.#one(method, owner, one['seed'] !== undefined, body, Number(searchParams.get('graceMs') ?? 0));
  }

  #list(clusterId: string, after: string): Answer {
    const ours = [...this.machines.values()].filter((each) => each.clusterId === clusterId).toSorted(byUid);
    const from = ours.findIndex(({ workerUid }) => workerUid > after);
    const items = from < 0 ? [] : ours.slice(from, from + PAGE);
    const last = items.at(-1)?.workerUid;
    return {
      status: 200,
      body: { items: items.map(shown), ...(last === ours.at(-1)?.workerUid ? {} : { next: last }) },
    };
  }

  #one(
    method: string,
    owner: Pick<Owner, 'clusterId' | 'workerUid'>,
    seed: boolean,
    body: string,
    graceMs: number,
  ): Answer {
    const there = this.machines.get(owner.workerUid);
    if (there !== undefined && there.clusterId !== owner.clusterId)
      return refused(409, 'Foreign', 'NotYours', 'a machine of another cluster has this UID');
    if (method === 'PUT') return { status: 200, body: shown(this.#put(owner, there, body)) };
    if (there === undefined) return { status: 404 };
    if (method === 'DELETE' && seed) there.seed = undefined;
    else if (method === 'DELETE' && there.state !== 'stopping') this.#end(there, graceMs);
    return { status: 200, body: shown(there) };
  }

  #put(owner: Pick<Owner, 'clusterId' | 'workerUid'>, there: Kept | undefined, body: string): Kept {
    const { size, seed } = JSON.parse(body) as { size: unknown; seed?: unknown };
    const readyAt = this.#now().getTime() + BOOT_MS;
    const machine: Kept = there ?? { ...owner, id: owner.workerUid, size, seed, state: 'pending', readyAt };
    if (machine.state === 'stopped') Object.assign(machine, { state: 'running', readyAt });
    this.machines.set(owner.workerUid, machine);
    return machine;
  }

  #end(machine: Kept, graceMs: number): void {
    const off = machine.state === 'stopped';
    machine.state = 'stopping';
    machine.readyAt = this.#now().getTime() + (off ? 0 : Math.min(graceMs, BOOT_MS));
  }
}

const templateOf = (path: string): string =>
  path.replace(/(?<=\/clusters\/)[^/]+/, '{cluster}').replace(/(?<=\/machines\/)[^/]+/, '{worker}');

const byUid = (one: Kept, other: Kept): number => (one.workerUid < other.workerUid ? -1 : 1);
const shown = ({ seed: _seed, size: _size, readyAt: _readyAt, ...machine }: Kept): object => machine;
const refused = (status: number, of: string, code: string, message: string): Answer => ({
  status,
  body: { error: { class: of, code, message } },
});
