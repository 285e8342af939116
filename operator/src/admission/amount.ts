import { formatMemory, parseCpu, parseMemory } from '@cortex/crds';

/** Capacity on its three axes: workers, milli-cores, bytes; whole numbers, so that sums are exact. */
export interface Amount {
  readonly workers: number;
  readonly cpu: number;
  readonly memory: number;
}

export const NOTHING: Amount = { workers: 0, cpu: 0, memory: 0 };

export const plus = (a: Amount, b: Amount): Amount => ({
  workers: a.workers + b.workers,
  cpu: a.cpu + b.cpu,
  memory: a.memory + b.memory,
});

export const minus = (a: Amount, b: Amount): Amount => plus(a, times(b, -1));

export const times = (a: Amount, n: number): Amount => ({
  workers: a.workers * n,
  cpu: a.cpu * n,
  memory: a.memory * n,
});

/** Axis by axis, the greater of the two. */
export const most = (a: Amount, b: Amount): Amount => ({
  workers: Math.max(a.workers, b.workers),
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
});

/** Axis by axis, never below zero. */
export const atLeastNothing = (a: Amount): Amount => most(NOTHING, a);

/** Whether no axis of the one is greater than that of the other. */
export const fitsIn = (a: Amount, b: Amount): boolean =>
  a.workers <= b.workers && a.cpu <= b.cpu && a.memory <= b.memory;

/** What one worker of a size takes. */
export const ofWorker = (size: { cpu: string; memory: string }): Amount => ({
  workers: 1,
  cpu: milliCores(size.cpu),
  memory: bytes(size.memory),
});

export const milliCores = (quantity: string): number => wholeUp(parseCpu(quantity) * 1000);

export const bytes = (quantity: string): number => wholeUp(parseMemory(quantity));

/** Up, as Kubernetes rounds quantities; what floating point adds to a whole number is no part of it. */
const wholeUp = (n: number): number => Math.ceil(n - 1e-6);

/** The amount as it is published: quantities, and an axis without a limit left out. */
export const asQuantities = (a: Amount) => ({
  ...(Number.isFinite(a.workers) ? { workers: a.workers } : {}),
  ...(Number.isFinite(a.cpu) ? { cpu: cores(a.cpu) } : {}),
  ...(Number.isFinite(a.memory) ? { memory: formatMemory(a.memory) } : {}),
});

/** Milli-cores as a quantity: whole cores where they are whole. */
export const cores = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);
