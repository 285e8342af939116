import { parseDuration, type WorkerPool } from '@cortex/crds';
import type { Checkpoint, Owner, Seed, SeedSource, VmRequest } from '../provider.ts';
import type { SecretReader } from '../secrets.ts';
import { assertFormat } from './format.ts';
import { fill, invalid, type Variables } from './template.ts';
import type { BootstrapTokens } from './tokens.ts';
import { type Join, variablesOf } from './variables.ts';

type Settings = NonNullable<WorkerPool['spec']['bootstrap']>;
type Request = Omit<VmRequest, 'seed'>;

export interface BootstrapOptions {
  readonly secrets: Pick<SecretReader, 'read' | 'value'>;
  readonly tokens: Pick<BootstrapTokens, 'issue' | 'revoke'>;
}

/** What tells cloud-init that a machine is a new one, where the user gives nothing else. */
const META_DATA = 'instance-id: {{ uid }}\nlocal-hostname: {{ hostname }}\n';
const ISSUED = { token: 'K10-placeholder', caHash: 'placeholder' };

/** How machines of a pool become Nodes: their seed from the user's template, and the token they join with. */
export class Bootstrap {
  readonly #options: BootstrapOptions;

  constructor(options: BootstrapOptions) {
    this.#options = options;
  }

  /** Where the seed of this worker comes from; undefined when its pool gives none. */
  seedOf({ spec }: WorkerPool, request: Request): SeedSource | undefined {
    const settings = spec.bootstrap;
    if (settings === undefined) return undefined;
    return {
      assertValid: async (checkpoint) => void (await this.#render(settings, request, checkpoint, async () => ISSUED)),
      render: async (checkpoint) =>
        await this.#render(settings, request, checkpoint, (mode, ttlMs) =>
          this.#options.tokens.issue(request, mode, ttlMs),
        ),
    };
  }

  /** Nobody joins as this worker any more. */
  async revoke({ spec }: WorkerPool, owner: Pick<Owner, 'workerUid'>): Promise<void> {
    const mode = spec.bootstrap?.joinToken.mode;
    if (mode === 'K3sBootstrap' || mode === 'Kubeadm') await this.#options.tokens.revoke(owner);
  }

  async #render(settings: Settings, request: Request, checkpoint: Checkpoint, issue: Issue): Promise<Seed> {
    const { name, key } = settings.userDataSecretRef;
    const { values: templates } = await this.#options.secrets.read(name);
    const userData = templates[key];
    if (userData === undefined) throw invalid(`Secret ${name} has no key ${key}: add the template of user-data`);
    const variables = variablesOf(request, checkpoint, await this.#join(settings, issue), await this.#values(settings));
    const seed = {
      'user-data': fill(`key ${key} of Secret ${name}`, userData, variables),
      'meta-data': fill(`key meta-data of Secret ${name}`, templates['meta-data'] ?? META_DATA, variables),
      ...optional('network-config', name, templates['network-config'], variables),
    };
    assertFormat(settings.format, seed['user-data']);
    return seed;
  }

  async #values({ valuesFrom = [] }: Settings): Promise<Variables> {
    const all = await Promise.all(valuesFrom.map(({ secretRef }) => this.#options.secrets.read(secretRef.name)));
    return Object.assign({}, ...all.map(({ values }) => values)) as Variables;
  }

  async #join({ joinToken }: Settings, issue: Issue): Promise<Join> {
    const { mode, ttl, serverURL, staticSecretRef } = joinToken;
    if (mode === 'K3sBootstrap' || mode === 'Kubeadm') return { serverURL, ...(await issue(mode, parseDuration(ttl))) };
    if (staticSecretRef === undefined) return { serverURL };
    const { value } = await this.#options.secrets.value(staticSecretRef.name, staticSecretRef.key);
    return { serverURL, token: value.trim() };
  }
}

type Issue = (mode: 'K3sBootstrap' | 'Kubeadm', ttlMs: number) => Promise<{ token: string; caHash: string }>;

const optional = (file: string, name: string, template: string | undefined, variables: Variables): Seed =>
  template === undefined ? {} : { [file]: fill(`key ${file} of Secret ${name}`, template, variables) };
