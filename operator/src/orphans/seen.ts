import type { Node } from '../kube/core.ts';
import type { VmView } from '../providers/provider.ts';
import type { Suspect } from './suspect.ts';

/** What the provider of one pool said: every machine of this cluster that it has, or why it could not say. */
export interface Listing {
  readonly pool: string;
  readonly provider: string;
  /** How long the pool gives a machine to join; nothing younger is judged. */
  readonly joinTimeoutMs: number;
  readonly machines: readonly VmView[] | undefined;
  readonly problem?: string;
}

/** What earlier looks left behind. It is lost with the process: then everything is seen for the first time again. */
export interface Memory {
  readonly suspects: readonly Suspect[];
  /** How long each list was, by pool, and that of the BurstWorkers under `''`. */
  readonly sizes: ReadonlyMap<string, number>;
}

export const NOTHING_SEEN: Memory = { suspects: [], sizes: new Map() };

/** One look: the providers were asked first, then the API server by a live list (contract S6). */
export interface Look {
  readonly clusterId: string;
  readonly listings: readonly Listing[];
  /** UIDs of all BurstWorkers; undefined where the API server could not be asked. */
  readonly workers: ReadonlySet<string> | undefined;
  readonly nodes: readonly Node[];
  readonly before: Memory;
}
