import type { Allocation, BurstWorker } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { hasFailed, isUsable, wantedWorkers } from '../allocation/seen.ts';
import { conditionOf } from '../conditions.ts';
import { ofWorker } from './amount.ts';
import type { Ticket } from './line.ts';
import { type Catalog, choiceFor, choiceForWorker, type PoolChoice, type Refusal } from './pool-choice.ts';
import { type Candidate, isWarm, turnOf } from './queue.ts';
import { failsAtOnce } from './refuse.ts';
import { chosenWorkers, holdsSlot } from './slots.ts';
import type { Predecessor } from './verdict.ts';

/** What is known of everybody. */
export interface Registry extends Catalog {
  /** Whether there is an McpServer of this namespace/name. */
  readonly hasServer: (key: string) => boolean;
  readonly allocationAt: (key: string) => Allocation | undefined;
  /** Who took over from the Allocation of this UID. */
  readonly takerOf: (uid: string) => Allocation | undefined;
  /** Workers whose claimRef carries this UID. */
  readonly claimsOf: (uid: string) => readonly BurstWorker[];
}

export type Classified =
  | { readonly kind: 'Ticket'; readonly ticket: Ticket }
  /** Nothing that could come free would help it. */
  | { readonly kind: 'Refused'; readonly why: Refusal }
  /** It can never be, whatever its policy. */
  | { readonly kind: 'Impossible'; readonly why: Refusal }
  | { readonly kind: 'Succession'; readonly predecessor: Predecessor }
  /** In a moment: what it is to take over is itself taking over. */
  | { readonly kind: 'Soon' };

/** What a candidate needs of which pool, or why it is not served whatever there is. */
export function classify(candidate: Candidate, registry: Registry, now: Date): Classified {
  if (candidate.kind === 'BurstWorker') {
    const choice = choiceForWorker(candidate, registry);
    return 'reason' in choice ? { kind: 'Refused', why: choice } : ticketFor(candidate, choice, [], { state: 'None' });
  }
  const predecessor = predecessorOf(candidate, registry);
  if ('reason' in predecessor) return { kind: 'Impossible', why: predecessor };
  const exhausted = endOfChain(candidate, predecessor, now);
  if (exhausted !== undefined) return { kind: 'Impossible', why: exhausted };
  if (predecessor.state === 'Live' && isTakingOver(predecessor.allocation, registry)) return { kind: 'Soon' };
  const unserved = missingServers(candidate, registry);
  if (unserved !== undefined) return { kind: 'Refused', why: unserved };
  if (wantedWorkers(candidate) === 0) return { kind: 'Succession', predecessor };
  const choice = choiceFor(candidate, registry);
  if ('reason' in choice) return { kind: 'Refused', why: choice };
  return ticketFor(candidate, choice, standingFor(candidate, choice, predecessor, registry), predecessor);
}

/** All or nothing goes for servers too: no worker is held for a job that cannot begin (contract A3). */
function missingServers({ spec, metadata }: Allocation, { hasServer }: Registry): Refusal | undefined {
  const missing = (spec.mcpServers ?? []).filter((name) => !hasServer(`${metadata.namespace ?? ''}/${name}`));
  if (missing.length === 0) return undefined;
  return {
    reason: 'ServerNotFound',
    message: `No McpServer ${missing.join(', ')} in namespace ${metadata.namespace ?? ''}`,
  };
}

function predecessorOf({ spec, metadata }: Allocation, registry: Registry): Predecessor | Refusal {
  const name = spec.takesOver ?? '';
  if (name === '') return { state: 'None' };
  const old = registry.allocationAt(`${metadata.namespace ?? ''}/${name}`);
  if (old === undefined || old.metadata.deletionTimestamp !== undefined) return { state: 'Gone', name };
  const taker = registry.takerOf(old.metadata.uid);
  const finished = conditionOf(old.status?.conditions, 'Finished');
  if ((taker !== undefined && taker.metadata.uid !== metadata.uid) || finished?.reason === 'HandedOver')
    return {
      reason: 'AlreadyHandedOver',
      message: `Allocation ${name} was already taken over${taker === undefined ? '' : ` by ${taker.metadata.name}`}; name the one that holds it now, or none`,
    };
  return finished?.status === 'True' || hasFailed(old) ? { state: 'Gone', name } : { state: 'Live', allocation: old };
}

/** maxLifetime counts from the first of a chain of hand-overs: who takes over must have some of it left (contract T4). */
function endOfChain({ spec }: Allocation, predecessor: Predecessor, now: Date): Refusal | undefined {
  if (predecessor.state !== 'Live') return undefined;
  const { metadata, status } = predecessor.allocation;
  const began = status?.chainStartedAt ?? metadata.creationTimestamp;
  if (now.getTime() < Date.parse(began) + parseDuration(spec.maxLifetime)) return undefined;
  return {
    reason: 'MaxLifetimeReached',
    message: `Allocation ${metadata.name} is part of a chain of hand-overs since ${began}, which is ${spec.maxLifetime} (spec.maxLifetime) ago or more`,
  };
}

/** Until every worker bears its claim, nobody takes over from one that is taking over. */
const isTakingOver = (allocation: Allocation, { claimsOf }: Registry): boolean =>
  allocation.status?.tookOver !== undefined &&
  claimsOf(allocation.status.tookOver.uid).some(({ metadata }) => chosenWorkers(allocation).includes(metadata.name));

/** Workers that are its own after a crash, or those of the pool and size it wants that its predecessor has (contract T4). */
function standingFor(
  { metadata, spec }: Allocation,
  { pool, size }: PoolChoice,
  predecessor: Predecessor,
  { claimsOf }: Registry,
): readonly BurstWorker[] {
  const holder = predecessor.state === 'Live' ? predecessor.allocation.metadata.uid : metadata.uid;
  return claimsOf(holder)
    .filter((worker) => holdsSlot(worker) && isUsable(worker))
    .filter(
      ({ spec: worker }) => worker.pool === pool.metadata.name && (worker.size ?? pool.spec.defaultSize) === size.name,
    )
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .slice(0, spec.workers?.count ?? 0);
}

function ticketFor(
  candidate: Candidate,
  { pool, size }: PoolChoice,
  standing: readonly BurstWorker[],
  predecessor: Predecessor,
): Classified {
  const earmarked = isEarmarked(candidate);
  const turn = turnOf(candidate, { begun: predecessor.state === 'None' && standing.length > 0, earmarked });
  const count = candidate.kind === 'Allocation' ? wantedWorkers(candidate) : 1;
  const alone = standing.length > 0 || earmarked || predecessor.state !== 'None';
  const shape = alone ? turn.uid : [turn.rank, size.name, count, lastsOf(candidate), failsAtOnce(candidate)].join(' ');
  const ticket = { candidate, turn, pool, size, count, one: ofWorker(size), standing, predecessor, shape, earmarked };
  return { kind: 'Ticket', ticket };
}

/** How long free workers must last for it; workers claim none, and warm ones stand apart. */
const lastsOf = (candidate: Candidate): string =>
  candidate.kind === 'Allocation' ? String(parseDuration(candidate.spec.ttl)) : isWarm(candidate) ? 'warm' : 'worker';

/** It said so itself, so that a restart keeps what was freed for it (contract A8). */
export const isEarmarked = ({ kind, status }: Candidate): boolean =>
  kind === 'Allocation' && conditionOf(status?.conditions, 'QuotaReserved')?.reason === 'Preempting';
