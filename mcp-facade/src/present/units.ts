import { parseCpu, parseMemory } from '@cortex/crds';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Cores of a quantity; null where there is none that can be read. */
export const cores = (quantity: string | undefined): number | null => read(quantity, parseCpu);

/** MiB of a quantity, rounded down. */
export const mib = (quantity: string | undefined): number | null =>
  read(quantity, (text) => Math.floor(parseMemory(text) / MIB));

/** GiB of a quantity. */
export const gib = (quantity: string | undefined): number | null => read(quantity, (text) => parseMemory(text) / GIB);

/** A kubelet may publish what we cannot read; that is no reason to answer nothing else. */
function read(quantity: string | undefined, parse: (text: string) => number): number | null {
  if (quantity === undefined) return null;
  try {
    return thousandths(parse(quantity));
  } catch {
    return null;
  }
}

export const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

export const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** UTC with Z, to the second. */
export const instant = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
