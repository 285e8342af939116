import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Certificate, selfSigned } from '../certificate.ts';
import { type Has, leastRights, PRIVILEGE_OF_KEY, privilegesOn, refusedBy, type Token } from './access.ts';
import { clusterCalls } from './cluster-calls.ts';
import { Hypervisor, Refusal } from './hypervisor.ts';
import { type Act, type Given, machineCalls } from './machine-calls.ts';
import { official, problemsOf } from './official.ts';
import { parametersOf, parseUpload, routeOf } from './parameters.ts';

export const USER = 'burst@pve!operator';

/** What becomes of a call: it is answered, or the line goes dead before or after it did what it was asked to. */
type Fate = 'dropped' | 'lost' | ((response: ServerResponse, authorization: string) => void);

/**
 * A Proxmox that behaves as one, over real TLS: it holds every request against the official description, asks for a token
 * and its rights, and works in tasks on a clock of the test's.
 */
export class ProxmoxServer implements AsyncDisposable {
  readonly world: Hypervisor;
  readonly tokens = new Map<string, Token>([[USER, { secret: 'a-canary-secret', acl: leastRights() }]]);
  /** Requests that the official description does not allow. */
  readonly violations: string[] = [];
  /** Calls that came in, as `GET /version`. */
  readonly calls: string[] = [];
  /** Authorization headers that came in. */
  readonly credentials = new Set<string>();
  /** Takes every call and answers none. */
  silent = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #fates: { readonly call: RegExp; readonly fate: Fate }[] = [];
  readonly #acts: ReadonlyMap<string, Act>;

  private constructor(now: () => Date, certificate: Certificate) {
    this.world = new Hypervisor(now);
    const tokenOf = (user: string): Token => this.tokens.get(user) ?? { secret: '', acl: new Map() };
    this.#acts = new Map(Object.entries({ ...machineCalls(this.world), ...clusterCalls(this.world, tokenOf) }));
    this.#server = createServer(certificate, (request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(now: () => Date, certificate = selfSigned('pve')): Promise<ProxmoxServer> {
    const server = new ProxmoxServer(now, certificate);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return server;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** The next call that reads like this fares so. */
  next(call: RegExp, fate: Fate): void {
    this.#fates.push({ call, fate });
  }

  present(certificate: Certificate): void {
    this.#server.setSecureContext(certificate);
    this.cut();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request).catch(() => Buffer.alloc(0));
    const { pathname } = new URL(request.url ?? '', this.url);
    const call = `${request.method} ${pathname.replace('/api2/json', '')}`;
    this.calls.push(call);
    const at = this.#fates.findIndex((each) => each.call.test(call));
    const fate = at < 0 ? undefined : this.#fates.splice(at, 1)[0]?.fate;
    if (this.silent || fate === 'dropped') return void request.socket.destroy();
    if (typeof fate === 'function') return fate(response, request.headers.authorization ?? '');
    const answer = this.#answer(request, bytes);
    if (fate === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, answer.reason, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }

  #answer(request: IncomingMessage, bytes: Buffer): { status: number; reason: string; body: unknown } {
    try {
      return { status: 200, reason: 'OK', body: { data: this.#act(request, bytes) } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const errors = error.errors === undefined ? {} : { errors: error.errors };
      return { status: error.status, reason: error.message, body: { data: null, ...errors } };
    }
  }

  #act(request: IncomingMessage, bytes: Buffer): unknown {
    this.world.settle();
    const user = this.#authenticate(request);
    const verb = request.method ?? '';
    const { template, inPath } = routeOf(verb, request.url ?? '', this.#known);
    const given: Given = { ...parametersOf(request, bytes), ...inPath };
    this.#validate(verb, template, given);
    this.#authorize(verb, template, given, user);
    if (given['node'] !== undefined) this.world.assertOnline(given['node']);
    if (template.endsWith('/upload')) return this.#upload(request, bytes, given, user);
    const act = this.#acts.get(`${verb} ${template}`);
    if (act === undefined) throw new Refusal(501, `Method '${verb} ${template}' not implemented`);
    return act(given, user);
  }

  get #known(): string[] {
    const own = [...this.#acts.keys(), 'POST /nodes/{node}/storage/{storage}/upload'];
    return own;
  }

  #authenticate({ headers: { authorization = '' } }: IncomingMessage): string {
    this.credentials.add(authorization);
    const [, user = '', secret] = /^PVEAPIToken=([^=]+)=(.+)$/.exec(authorization) ?? [];
    const token = this.tokens.get(user);
    if (token === undefined || secret !== token.secret) throw new Refusal(401, 'invalid token value!');
    return user;
  }

  #validate(verb: string, template: string, given: Given): void {
    if (official === undefined) return;
    const method = official.get(template)?.[verb];
    const errors = method === undefined ? { path: 'is not in the API' } : problemsOf(method, given);
    if (Object.keys(errors).length === 0) return;
    this.violations.push(`${verb} ${template}: ${JSON.stringify(errors)}`);
    throw new Refusal(400, 'Parameter verification failed.', errors);
  }

  #authorize(verb: string, template: string, given: Given, user: string): void {
    const token = this.tokens.get(user);
    const check = official?.get(template)?.[verb]?.permissions?.check;
    const poolOf = (vmid: number): string | undefined => this.world.machines.get(vmid)?.pool;
    const has: Has = (path, privilege) => token !== undefined && privilegesOn(token, path, poolOf).has(privilege);
    const refused = [
      check && refusedBy(check, given, has),
      ...extraChecks(verb, template, given).map((each) => refusedBy(['perm', ...each], given, has)),
    ].find((said) => said !== undefined);
    if (refused !== undefined) throw new Refusal(403, refused);
  }

  #upload(request: IncomingMessage, bytes: Buffer, { node = '', storage = '' }: Given, user: string): string {
    const { filename, content } = parseUpload(request, bytes);
    return this.world.begin(node, 'imgcopy', '', user, 100, () => {
      this.world.volumes.set(`${storage}:iso/${filename}`, content);
      return 'OK';
    });
  }
}

/** Rights that the official description only tells in prose. */
function extraChecks(verb: string, template: string, given: Given): [string, string[]][] {
  if (verb === 'PUT' && template.endsWith('/config')) {
    const keys = Object.keys(given).flatMap((key) => PRIVILEGE_OF_KEY[key] ?? []);
    return keys.map((privilege) => ['/vms/{vmid}', [privilege]]);
  }
  if (verb === 'POST' && template === '/nodes/{node}/qemu') return [['/pool/{pool}', ['VM.Allocate']]];
  if (verb === 'DELETE' && template.includes('/content/')) return [['/storage/{storage}', ['Datastore.Allocate']]];
  return [];
}
