import type { KubeClient } from './client.ts';
import { microTime } from './micro-time.ts';
import type { Draft, KubeObject, ResourceType } from './object.ts';

/** What a user should read about an object, in the same word as its condition. */
export interface Occasion {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** What was done about it; the reason again when nothing was. */
  readonly action?: string;
}

/** Tells users something about an object. */
export type Tell = (about: KubeObject, occasion: Occasion) => void;

export interface RecorderOptions {
  readonly client: KubeClient;
  /** Who says it, as in `cortex.automation/operator`. */
  readonly component: string;
  /** Which replica says it. */
  readonly instance: string;
  readonly now?: () => Date;
  /** The most that are written in a second, so that a burst of them takes nothing from the work itself. Default: no limit. */
  readonly perSecond?: number;
  /** Hears of Events that could not be written, and of those dropped because too many waited. */
  readonly onProblem?: (error: unknown) => void;
}

interface Event extends KubeObject {
  kind: 'Event';
  [field: string]: unknown;
}

const Events: ResourceType<Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};
const REMEMBERED = 10_000;
const WAITING = 1_000;
const AT_ONCE = 4;
const LONGEST_NOTE = 1_000;

/**
 * Kubernetes Events, one per change of reason of an object. Nothing waits for them, and nothing fails with them. While a burst
 * is told at its pace, an object's news takes the place of what nobody has heard of it yet; a Warning is always told.
 */
export class EventRecorder {
  readonly #options: RecorderOptions;
  /** The last word about each object, by UID; the longest unheard-of are forgotten first. */
  readonly #last = new Map<string, string>();
  /** In the order in which they are told. */
  readonly #waiting = new Map<string, Draft<Event>>();
  #sending = 0;
  #count = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  record(about: KubeObject, occasion: Occasion): void {
    if (!this.#isNews(about.metadata.uid, `${occasion.type} ${occasion.reason}`)) return;
    const { uid } = about.metadata;
    const key = occasion.type === 'Normal' ? uid : `${uid} ${occasion.reason}`;
    if (this.#waiting.size >= WAITING && !this.#waiting.has(key)) {
      this.#options.onProblem?.(new Error(`too many Events wait: ${occasion.reason} of ${about.kind} was dropped`));
      return;
    }
    this.#waiting.delete(key);
    this.#waiting.set(key, this.#draft(about, occasion));
    this.#pump();
  }

  /** Fulfilled when nothing waits. Never rejects. */
  async flush(): Promise<void> {
    if (this.#sending === 0 && this.#waiting.size === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  #isNews(uid: string, word: string): boolean {
    const known = this.#last.get(uid);
    this.#last.delete(uid);
    this.#last.set(uid, word);
    const oldest = this.#last.keys().next();
    if (this.#last.size > REMEMBERED && !oldest.done) this.#last.delete(oldest.value);
    return known !== word;
  }

  #pump(): void {
    while (this.#sending < AT_ONCE) {
      const next = this.#waiting.entries().next();
      if (next.done) break;
      const [key, draft] = next.value;
      this.#waiting.delete(key);
      this.#sending++;
      void this.#send(draft);
    }
    if (this.#sending > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  async #send(draft: Draft<Event>): Promise<void> {
    try {
      await this.#options.client.create(Events, draft);
    } catch (error) {
      this.#options.onProblem?.(error);
    }
    const { perSecond } = this.#options;
    if (perSecond !== undefined && this.#waiting.size > 0) await unhurried((1000 * AT_ONCE) / perSecond);
    this.#sending--;
    this.#pump();
  }

  #draft({ apiVersion, kind, metadata }: KubeObject, { type, reason, message, action }: Occasion): Draft<Event> {
    const { name, namespace, uid, resourceVersion } = metadata;
    const now = (this.#options.now ?? (() => new Date()))();
    return {
      apiVersion: `${Events.group}/${Events.version}`,
      kind: 'Event',
      // Events about cluster-scoped objects live in the namespace default; the API server insists.
      metadata: { namespace: namespace ?? 'default', name: this.#name(name, now) },
      eventTime: microTime(now),
      type,
      reason,
      action: action ?? reason,
      note: message.length > LONGEST_NOTE ? `${message.slice(0, LONGEST_NOTE)}…` : message,
      reportingController: this.#options.component,
      reportingInstance: this.#options.instance,
      regarding: { apiVersion, kind, name, uid, resourceVersion, ...(namespace === undefined ? {} : { namespace }) },
    };
  }

  #name(about: string, now: Date): string {
    this.#count = (this.#count + 1) % 0x1_00_00;
    const unique = `${now.getTime().toString(16)}${this.#count.toString(16).padStart(4, '0')}`;
    return `${about.slice(0, 230).replace(/[.-]+$/, '')}.${unique}`;
  }
}

/** Keeps nobody from ending. */
async function unhurried(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms).unref();
  await promise;
}
