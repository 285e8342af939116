import { same } from '../published.ts';
import { backoffMs } from '../runtime/backoff.ts';
import type { WakeUp } from '../runtime/outcome.ts';
import type { Question, Verdict } from './verdict.ts';

interface Entry {
  readonly question: Question;
  /** Changes when something happened that may change the answer. */
  readonly occasion: unknown;
  verdict: Verdict | undefined;
  failures: number;
}

export interface ProberOptions {
  readonly handshake: (question: Question) => Promise<Verdict>;
  /** Asks now; the work queue that calls `pass` keeps the order and bounds how many are asked at once. */
  readonly hurry: (key: string) => void;
  /** The answer has changed. */
  readonly changed: (key: string) => void;
}

const AGAIN_MS = 60_000;
/** One answer that does not come in time is no outage. */
const PATIENCE = 3;
const RETRY = { baseMs: 200, capMs: 30_000 };

/** Asks servers in the background and remembers what they said last, so that no pass ever waits for a server. */
export class Prober {
  readonly #options: ProberOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** What came of the question so far; undefined until the first answer. Without a question the answer is forgotten. */
  ask(key: string, question: Question | undefined, occasion?: unknown): Verdict | undefined {
    const known = this.#entries.get(key);
    if (question === undefined) {
      this.#entries.delete(key);
      return undefined;
    }
    if (known !== undefined && same(known.question, question) && known.occasion === occasion) return known.verdict;
    const verdict = known?.question.service === question.service ? known.verdict : undefined;
    this.#entries.set(key, { question, occasion, verdict, failures: 0 });
    this.#options.hurry(key);
    return verdict;
  }

  async pass(key: string): Promise<WakeUp> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return { kind: 'rest' };
    const verdict = await this.#options.handshake(entry.question);
    if (this.#entries.get(key) !== entry) return { kind: 'rest' };
    entry.failures = verdict.state === 'Answers' ? 0 : entry.failures + 1;
    const lapse = entry.verdict?.state === 'Answers' && entry.failures > 0 && entry.failures < PATIENCE;
    if (!lapse && !same(verdict, entry.verdict)) {
      entry.verdict = verdict;
      this.#options.changed(key);
    }
    return { kind: 'after', ms: entry.failures === 0 ? AGAIN_MS : backoffMs(RETRY, entry.failures - 1) };
  }
}
