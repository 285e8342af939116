/** Keeps a local copy. */
export interface Follower {
  readonly name: string;
  /** Fulfilled when the copy is complete for the first time. */
  readonly ready: Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

/** Changes something: a work queue, or a loop of its own. */
export interface Worker {
  readonly name: string;
  start(): void;
  /** Takes nothing more, and says whether what was under way ended within `graceMs`. */
  stop(graceMs: number): Promise<boolean>;
}

/** Decides which replica works. */
export interface Election {
  readonly acquired: Promise<void>;
  /** Returns when the lease is lost or the signal ends. */
  run(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

export interface Parts {
  readonly followers: readonly Follower[];
  readonly workers: readonly Worker[];
  readonly election?: Election;
  /** How long workers may take to end. */
  readonly graceMs: number;
  /** Last of all: what everything else was talking through. */
  readonly close: () => Promise<void>;
  /** Hears of each step, for the log. */
  readonly onStep?: (step: string) => void;
}

export interface Running {
  /** Fulfilled when every copy is complete; pending when stopped before. */
  readonly ready: Promise<void>;
  /** Fulfilled when this replica works; pending when stopped before. */
  readonly working: Promise<void>;
  /** Fulfilled when everything has ended: because of stop(), or because the lease was lost. Never rejects. */
  readonly finished: Promise<'stopped' | 'lost'>;
  /** Stops intake, lets workers end, releases the lease, closes. Resolves with `finished`. */
  stop(): Promise<void>;
}

/** Starts copies at once, workers when the copies are complete and the lease is ours. Never exits the process. */
export function run(parts: Parts): Running {
  const [beginning, electing, following] = [new AbortController(), new AbortController(), new AbortController()];
  const followers = parts.followers.map((follower) => follower.run(following.signal));
  const ready = completed(parts);
  const election = stand(parts, ready, beginning.signal, electing.signal);
  const stopped = aborted(beginning.signal).then(() => 'stopped' as const);
  const lost = election.then(() => (parts.election === undefined || beginning.signal.aborted ? stopped : 'lost'));
  const working = begin(parts, ready, beginning.signal);

  const finished = Promise.race([stopped, lost]).then(async (why) => {
    beginning.abort();
    parts.onStep?.(why === 'lost' ? 'lease lost' : 'stopping');
    const drained = await drain(parts);
    electing.abort();
    await election;
    // Work that is still under way must not meet another leader: then the lease has to run out by itself.
    if (drained && why === 'stopped') await parts.election?.release();
    following.abort();
    await Promise.all(followers);
    await close(parts);
    return why;
  });
  const stop = async (): Promise<void> => {
    beginning.abort();
    await finished;
  };
  return { ready, working, finished, stop };
}

async function completed({ followers, onStep }: Parts): Promise<void> {
  await Promise.all(followers.map((follower) => follower.ready));
  onStep?.('copies complete');
}

/** Nobody stands for election who could not work at once. */
async function stand(
  { election }: Parts,
  ready: Promise<void>,
  beginning: AbortSignal,
  electing: AbortSignal,
): Promise<void> {
  await Promise.race([ready, aborted(beginning)]);
  if (!beginning.aborted) await election?.run(electing);
}

/** A worker that was stopped before it began does not begin. */
async function begin(
  { election, workers, onStep }: Parts,
  ready: Promise<void>,
  beginning: AbortSignal,
): Promise<void> {
  await ready;
  await election?.acquired;
  if (beginning.aborted) return await never;
  for (const worker of workers) worker.start();
  onStep?.('working');
}

async function drain({ workers, graceMs }: Parts): Promise<boolean> {
  const drained = await Promise.all(workers.map((worker) => worker.stop(graceMs)));
  return drained.every(Boolean);
}

async function close({ close: closeAll, onStep }: Parts): Promise<void> {
  try {
    await closeAll();
    onStep?.('closed');
  } catch (error) {
    onStep?.(`closing failed: ${String(error)}`);
  }
}

const never = new Promise<never>(() => undefined);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
