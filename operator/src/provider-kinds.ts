import type { WorkerPool } from '@cortex/crds';
import type { KubeClient } from './kube/client.ts';
import { Bootstrap } from './providers/bootstrap/bootstrap.ts';
import { BootstrapTokens } from './providers/bootstrap/tokens.ts';
import { Breaker } from './providers/breaker.ts';
import { Budget } from './providers/budget.ts';
import { GuardedProvider, type ProviderCall } from './providers/guarded.ts';
import { ExternalKind } from './providers/external/open.ts';
import { KwokProvider } from './providers/kwok/kwok.ts';
import type { VmProvider } from './providers/provider.ts';
import { ProxmoxKind } from './providers/proxmox/open.ts';
import { QemuKind } from './providers/qemu/open.ts';
import { always, Providers } from './providers/registry.ts';
import { SecretReader } from './providers/secrets.ts';

export interface Supplies {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly qemu: { readonly folder: string; readonly images: string };
  readonly now: () => Date;
  readonly called: (call: ProviderCall) => void;
}

export interface Equipment {
  readonly providers: Providers;
  readonly bootstrap: Bootstrap;
  close(): Promise<void>;
}

/** What this build makes machines with. */
export function equip({ client, namespace, qemu, now, called }: Supplies): Equipment {
  const secrets = new SecretReader(client, namespace);
  const guards = new Guards(called);
  const proxmox = new ProxmoxKind({ secrets, guard: guards.around });
  const external = new ExternalKind({ secrets, now, guard: guards.around });
  return {
    providers: new Providers([
      always(counted(new KwokProvider({ client, namespace, now }), called)),
      proxmox,
      external,
      new QemuKind({ ...qemu, now, guard: guards.around }),
    ]),
    bootstrap: new Bootstrap({ secrets, tokens: new BootstrapTokens({ client, namespace, now }) }),
    close: async () => void (await Promise.all([proxmox.close(), external.close()])),
  };
}

/** Its endpoint is the API server, which everything waits for anyway: it is neither left alone nor kept waiting. */
const counted = (provider: VmProvider, called: Supplies['called']): VmProvider =>
  new GuardedProvider(provider, {
    breaker: { around: (call) => call() },
    budget: new Budget(),
    limits: { inFlight: Number.POSITIVE_INFINITY },
    called,
    refused: () => undefined,
  });

/** One breaker and one budget per endpoint, whatever pools share it, and however often their settings change. */
class Guards {
  readonly #called: (call: ProviderCall) => void;
  readonly #byEndpoint = new Map<string, { breaker: Breaker; budget: Budget }>();

  constructor(called: (call: ProviderCall) => void) {
    this.#called = called;
  }

  readonly around = (provider: VmProvider, pool: WorkerPool, endpoint: string, refused = nothing): VmProvider => {
    const guard = this.#byEndpoint.get(endpoint) ?? { breaker: new Breaker(endpoint), budget: new Budget() };
    this.#byEndpoint.set(endpoint, guard);
    const { proxmox, qemu, external } = pool.spec.provider ?? {};
    const machines = (proxmox ?? qemu ?? external)?.maxMachines;
    const limits = { inFlight: pool.spec.provisioning.maxInFlight, machines };
    return new GuardedProvider(provider, { ...guard, limits, called: this.#called, refused });
  };
}

const nothing = (): void => undefined;
