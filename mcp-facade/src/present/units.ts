import { parseCpu, parseMemory } from '@cortex/crds';

const MIB = 2 ** 20;

/** Cores of a quantity; null where there is none. */
export const cores = (quantity: string | undefined): number | null =>
  quantity === undefined ? null : thousandths(parseCpu(quantity));

/** MiB of a quantity, rounded down; null where there is none. */
export const mib = (quantity: string | undefined): number | null =>
  quantity === undefined ? null : Math.floor(parseMemory(quantity) / MIB);

export const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

export const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** UTC with Z, to the second. */
export const instant = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
