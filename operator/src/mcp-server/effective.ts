import type { McpServer, McpServerScale } from '@cortex/crds';
import { claimantOf, isLater, type Standing } from './wishes.ts';

export interface Because {
  readonly kind: string;
  readonly name: string;
  readonly wants: number;
}

/** What a server has while nobody wishes otherwise, and who says so. */
export interface Base extends Because {
  /** Nobody stated it: it is what the workload had. */
  readonly found: boolean;
}

export interface Effective {
  readonly replicas: number;
  /** The least that explains the number; a wish that changes nothing is not named, and so costs no write. */
  readonly because: readonly Because[];
  /** What was wanted, where the bounds of the server cut it. */
  readonly clamped: number | undefined;
}

/** The highest number the API knows: as a bound it says nothing. */
const CEILING = 10;
/** So many floors are named: the oldest explain the number as well as all of them. */
export const NAMED = 3;

/** What all wishes come to: the newest Set or Override, else the base, raised by the floors, within the bounds. */
export function effective({ spec }: Pick<McpServer, 'spec'>, { newest, floors }: Standing, base: Base): Effective {
  const said = newest === undefined ? base : becauseOf(newest);
  const wanted = Math.max(said.wants, ...floors.map(({ spec: { replicas } }) => replicas));
  const { min, max } = spec.replicas;
  // A workload that had more than wishes can reach keeps it, unless a person set a bound.
  const most = said === base && base.found && wanted === base.wants && max === CEILING ? wanted : max;
  const replicas = Math.min(Math.max(wanted, min), most);
  return {
    replicas,
    because:
      wanted === said.wants ? [{ kind: said.kind, name: said.name, wants: said.wants }] : raising(floors, wanted),
    clamped: replicas === wanted ? undefined : wanted,
  };
}

const raising = (floors: readonly McpServerScale[], wanted: number): Because[] =>
  floors
    .filter(({ spec }) => spec.replicas === wanted)
    .toSorted((a, b) => (isLater(a, b) ? 1 : -1))
    .slice(0, NAMED)
    .map(becauseOf);

function becauseOf(wish: McpServerScale): Because {
  const claimant = claimantOf(wish);
  return claimant === undefined
    ? { kind: 'McpServerScale', name: wish.metadata.name, wants: wish.spec.replicas }
    : { kind: 'Allocation', name: claimant, wants: wish.spec.replicas };
}

/** `Allocation job-1 wants 1, Allocation job-2 wants 1` */
export const sayBecause = (because: readonly Because[]): string =>
  because.map(({ kind, name, wants }) => `${kind} ${name} wants ${wants}`).join(', ');
