import type { Allocation, BurstWorker } from '@cortex/crds';
import type { PoolChoice, Refusal } from './pool-choice.ts';
import type { Candidate } from './queue.ts';

/** What the admission loop is to do about one candidate, or for it. */
export type Verdict = Admission | Clearing | Answer;

/** Gives capacity away. */
export type Admission =
  /** Free workers cover the request, so claiming them is the reservation (contract C1). */
  | { readonly kind: 'Claim'; readonly candidate: Allocation; readonly workers: readonly BurstWorker[] }
  | ({
      readonly kind: 'Reserve';
      readonly candidate: Allocation;
      /** Workers that are there already: claimed before, taken over, or free. */
      readonly standing: readonly BurstWorker[];
      readonly predecessor: Predecessor;
    } & PoolChoice)
  /** It asks for no workers, but an Allocation to take over from. */
  | { readonly kind: 'Succeed'; readonly candidate: Allocation; readonly predecessor: Predecessor }
  | ({ readonly kind: 'AdmitWorker'; readonly candidate: BurstWorker } & PoolChoice);

/** The Allocation that a request names in spec.takesOver: nobody, one to take over from, or one that is gone (contract T4). */
export type Predecessor =
  | { readonly state: 'None' }
  | { readonly state: 'Live'; readonly allocation: Allocation }
  | { readonly state: 'Gone'; readonly name: string };

/** Makes room. */
export type Clearing =
  /** A claim that cannot be completed is taken back: a request gets all or nothing (contract A3). */
  | { readonly kind: 'Unclaim'; readonly candidate: Allocation; readonly worker: BurstWorker }
  /** A free worker stands in the way of a request (contract C4). */
  | { readonly kind: 'Retire'; readonly candidate: Candidate; readonly worker: BurstWorker }
  /** Lower-ranked Allocations give way; what they free is kept for the candidate (contract A8). */
  | ({ readonly kind: 'Preempt'; readonly candidate: Allocation; readonly victims: readonly Allocation[] } & Refusal);

/** Says why not. */
export type Answer = { readonly kind: 'Wait' | 'Fail'; readonly candidate: Candidate } & Refusal;
