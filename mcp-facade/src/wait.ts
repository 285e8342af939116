import type { Call } from './call.ts';
import type { KindName, Objects } from './kinds.ts';

/** Silence longer than this ends the connections of some clients. */
const HEARTBEAT_MS = 8_000;

/** How a wait may end for its caller. */
export const WAIT_OUTCOMES = ['ready', 'timed_out', 'superseded', 'clamped', 'conflict'] as const;
export type WaitOutcome = (typeof WAIT_OUTCOMES)[number];

/** Without progress most clients give a call 60 s. */
const SILENT_MS = 45_000;

/** How long a call waits: as long as its caller says, else a time that its client survives. */
export const budgetMs = (seconds: number | undefined, otherwise: number, { progress }: Call): number =>
  seconds === undefined
    ? progress === undefined
      ? Math.min(SILENT_MS, otherwise * 1000)
      : otherwise * 1000
    : seconds * 1000;

export const TIMED_OUT = Symbol('timed out');

export interface Following<K extends KindName, A> {
  readonly kind: K;
  readonly key: string;
  readonly timeoutMs: number;
  /** The answer, once there is one. Asked at once, and with every change; undefined object: it is gone. */
  readonly until: (object: Objects[K] | undefined) => A | undefined;
  /** Where it stands, for progress; said when it changes and every eight seconds. */
  readonly say: (object: Objects[K] | undefined) => string;
}

/** Follows one object in the shared copy. A cancelled call ends the wait, and the object goes on. */
export async function follow<K extends KindName, A>(
  call: Call,
  following: Following<K, A>,
): Promise<A | typeof TIMED_OUT> {
  const { kind, key, timeoutMs, until, say } = following;
  const { promise, resolve } = Promise.withResolvers<A | typeof TIMED_OUT>();
  const tell = teller(call);
  let latest: Objects[K] | undefined;
  const look = (object: Objects[K] | undefined): void => {
    latest = object;
    const answer = until(object);
    if (answer !== undefined) resolve(answer);
    else tell.news(say(object));
  };
  const giveUp = (): void => resolve(TIMED_OUT);
  const unwatch = call.cluster.watch(kind, key, look);
  const timer = setTimeout(giveUp, timeoutMs);
  const heartbeat = setInterval(() => tell.again(say(latest)), HEARTBEAT_MS);
  call.signal.addEventListener('abort', giveUp, { once: true });
  if (call.signal.aborted) giveUp();
  return await promise.finally(() => {
    unwatch();
    clearTimeout(timer);
    clearInterval(heartbeat);
    call.signal.removeEventListener('abort', giveUp);
  });
}

/** Says what is new at once, and what is old only when asked to. */
function teller({ progress }: Call): { news(text: string): void; again(text: string): void } {
  let said: string | undefined;
  const again = (text: string): void => {
    said = text;
    progress?.(text.slice(0, 200));
  };
  return {
    news: (text) => {
      if (text !== said) again(text);
    },
    again,
  };
}
