import { cores, mib, thousandths } from './units.ts';
import type { Worker } from './worker.ts';

/** Null: not known. */
interface Amount {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly pods: number | null;
}

export const FIELDS = ['capacity', 'allocatable', 'requested', 'available'] as const;

/** What a worker's machine has, what pods may use, what they have asked for, and the rest. */
export function amounts({ block, usage }: Worker): Record<(typeof FIELDS)[number], Amount> {
  const allocatable = amountOf(block?.allocatable);
  const requested = { cpu: cores(usage?.cpu), memory: mib(usage?.memory), pods: usage?.pods ?? null };
  return { capacity: amountOf(block?.capacity), allocatable, requested, available: minus(allocatable, requested) };
}

const amountOf = (quantities: Readonly<Record<string, string>> | undefined): Amount => ({
  cpu: cores(quantities?.['cpu']),
  memory: mib(quantities?.['memory']),
  pods: cores(quantities?.['pods']),
});

const minus = (a: Amount, b: Amount): Amount => ({
  cpu: less(a.cpu, b.cpu),
  memory: less(a.memory, b.memory),
  pods: less(a.pods, b.pods),
});

const less = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : thousandths(Math.max(0, a - b));

/** The sum of what is known. */
export const sumOf = (all: readonly Amount[]): Amount => ({
  cpu: thousandths(total(all.map(({ cpu }) => cpu))),
  memory: total(all.map(({ memory }) => memory)),
  pods: total(all.map(({ pods }) => pods)),
});

const total = (numbers: readonly (number | null)[]): number =>
  numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);
