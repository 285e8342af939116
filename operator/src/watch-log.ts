import { isNotFound, isUnanswered, KubeError } from './kube/errors.ts';
import type { Logger } from './telemetry/log.ts';

interface Subject {
  readonly plural: string;
  readonly group: string;
  readonly kind: string;
}

/** Tells of watches that fail: an API server that does not answer is one line, however many kinds are watched. */
export class WatchLog {
  readonly #log: Logger;
  /** Kinds whose watch the outage of the API server has closed, and whether the first is open again. */
  readonly #silent = new Set<string>();
  #answering = false;
  #lease = '';

  constructor(log: Logger) {
    this.#log = log;
  }

  /** A kind cannot be watched; called once an outage. */
  problem(type: Subject, error: unknown): void {
    if (!isUnanswered(error)) {
      const why = isNotFound(error) ? {} : { error: words(error) };
      this.#log.error(isNotFound(error) ? missing(type) : `${type.plural} cannot be watched; it is tried again`, {
        kind: type.kind,
        ...why,
      });
      return;
    }
    if (this.#silent.size === 0)
      this.#log.error('The API server does not answer; it is tried again until it does', { error: words(error) });
    this.#silent.add(type.kind);
  }

  /** The watch of a kind whose problem was told is open again. */
  recovered({ kind }: Subject, ms: number): void {
    if (!this.#silent.delete(kind)) this.#log.info('the watch is open again', { kind, ms });
    else if (!this.#answering) this.#answer(ms);
    if (this.#silent.size === 0) this.#answering = false;
  }

  /** The lease cannot be read or renewed; called with every try. */
  lease(error: unknown): void {
    const said = words(error);
    if (said === this.#lease || (isUnanswered(error) && this.#silent.size > 0)) return;
    this.#lease = said;
    this.#log.warn('the lease is out of reach', { error: said });
  }

  #answer(ms: number): void {
    this.#answering = true;
    this.#lease = '';
    this.#log.info('the API server answers again', { ms });
  }
}

const missing = ({ plural, group }: Subject): string =>
  `The API server does not know ${plural}.${group}. Install the CRDs with: kubectl apply --server-side -f crds/`;

/** Without a stack: an outage is nobody's bug. */
const words = (error: unknown): string => (error instanceof KubeError ? error.message : String(error));
