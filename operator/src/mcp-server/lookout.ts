import type { McpServer } from '@cortex/crds';
import type { Workload } from '../kube/apps.ts';
import { keyOf } from '../kube/object.ts';
import { INDEX, type Kinds, workloadsOf } from '../stores.ts';
import { isAdopted } from './adoption.ts';
import { atPeace, remembered } from './conflict.ts';
import type { Prober } from './prober.ts';
import { questionFor } from './question.ts';
import { aimOf, type Seen, type SeenServer } from './seen.ts';
import { serviceFor } from './service.ts';
import type { Witness } from './witness.ts';
import { countsOf, idOf, workloadOf } from './workload.ts';

type Labels = Readonly<Record<string, string>>;

export interface LookoutParts {
  readonly kinds: Kinds;
  readonly prober: Prober;
  readonly witness: Witness;
  /** Whether a workload with these labels is an MCP server. */
  readonly labelled: (labels: Labels | undefined) => boolean;
  readonly now: () => Date;
}

/** Gathers what one look at a server takes in. */
export class Lookout {
  readonly #parts: LookoutParts;

  constructor(parts: LookoutParts) {
    this.#parts = parts;
  }

  /** Undefined where there is neither a server nor a workload that could become one. */
  async look(key: string): Promise<Seen | undefined> {
    const { kinds, witness, prober } = this.#parts;
    const server = kinds.servers.get(key);
    if (server === undefined) {
      witness.forget(key);
      prober.ask(key, undefined);
    }
    const workload = server === undefined ? this.#candidate(key) : this.#workloadOf(server);
    if (server === undefined && workload === undefined) return undefined;
    const seen = this.#glance(key, server, workload);
    return server === undefined || workload === undefined ? seen : await this.#closer({ ...seen, server }, workload);
  }

  #glance(key: string, server: McpServer | undefined, workload: Workload | undefined): Seen {
    const { kinds, labelled } = this.#parts;
    return {
      server,
      workload,
      labelled: labelled(workload?.metadata.labels),
      rival: workload && this.#rival(server, workload),
      wishes: kinds.wishes.store.byIndex(INDEX.server, key),
      service: undefined,
      autoscaler: workload && kinds.autoscalers.store.byIndex(INDEX.workload, idOf(workload))[0]?.metadata.name,
      pods: workload === undefined ? [] : kinds.pods.store.byIndex(INDEX.workload, idOf(workload)),
      verdict: 'Unasked',
      history: remembered(undefined, false, 0),
      unreadable: unreadable(kinds),
    };
  }

  async #closer(seen: SeenServer, workload: Workload): Promise<Seen> {
    const { witness, now } = this.#parts;
    const service = this.#service(seen.server, workload);
    const verdict = this.#ask(seen.server, workload, service);
    const history = await witness.history(seen.server, workload, seen.autoscaler);
    const known = { ...seen, service, verdict, history };
    if (history.tries === 0 || aimOf(known, now())?.conflict !== undefined) return known;
    witness.keep(seen.server, atPeace(history));
    return { ...known, history: atPeace(history) };
  }

  /** Nobody is asked while no pod is ready: the answer of an earlier one would be no answer. */
  #ask(server: McpServer, workload: Workload, service: Seen['service']): Seen['verdict'] {
    const { prober } = this.#parts;
    const { ready } = countsOf(workload);
    const question = ready === 0 ? undefined : questionFor(server, workload, service);
    if (question !== undefined && 'ask' in question) return prober.ask(keyOf(server), question.ask, ready);
    prober.ask(keyOf(server), undefined);
    return question?.known ?? 'Unasked';
  }

  #candidate(key: string): Workload | undefined {
    const { kinds, labelled } = this.#parts;
    return [kinds.deployments.get(key), kinds.statefulSets.get(key)].find((workload) =>
      labelled(workload?.metadata.labels),
    );
  }

  #workloadOf({ metadata, spec }: McpServer): Workload | undefined {
    return workloadsOf(this.#parts.kinds, spec.workloadRef.kind).get(
      `${metadata.namespace ?? ''}/${spec.workloadRef.name}`,
    );
  }

  /** A person's McpServer comes before an adopted one, an older one before a younger. */
  #rival(server: McpServer | undefined, workload: Workload): McpServer | undefined {
    const others = this.#parts.kinds.servers.store
      .byIndex(INDEX.workload, idOf(workload))
      .filter((other) => other !== server && workloadOf(other) === idOf(workload));
    const [first] = others.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
    return first !== undefined && (server === undefined || rank(first) < rank(server)) ? first : undefined;
  }

  #service(server: McpServer, workload: Workload): Seen['service'] {
    const { services } = this.#parts.kinds;
    const namespace = server.metadata.namespace ?? '';
    return serviceFor(
      server,
      workload,
      () => services.store.byIndex(INDEX.namespace, namespace),
      (name) => services.get(`${namespace}/${name}`),
    );
  }
}

const rank = (server: McpServer): string =>
  `${isAdopted(server) ? 1 : 0} ${server.metadata.creationTimestamp} ${server.metadata.uid}`;

/** A copy that is not complete by now was refused: nothing may be concluded from what it lacks. */
const unreadable = ({ deployments, statefulSets, services, autoscalers }: Kinds): string[] =>
  [deployments, statefulSets, services, autoscalers]
    .filter(({ store }) => !store.synced)
    .map(({ type }) => type.plural);
