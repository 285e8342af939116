import type { ServerStory } from '../system/servers.ts';
import type { Writes } from './writes.ts';

/** A part of a life: what somebody does, until what came of it is seen, and what that may cost the operator. */
export interface Step {
  readonly row: string;
  readonly act: (world: ServerStory) => Promise<void>;
  readonly budget: Writes;
}

/** One life, whose objects all have its name, or begin with it and a dash. */
export interface Lifecycle {
  readonly name: string;
  /** What must be there before. */
  readonly prepare?: (world: ServerStory) => Promise<void>;
  readonly steps: readonly Step[];
}
