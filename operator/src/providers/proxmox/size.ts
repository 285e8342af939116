import { parseCpu, parseMemory } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import type { VmRequest } from '../provider.ts';
import type { Config } from './methods.ts';

export interface Shape {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly diskGiB: number | undefined;
}

const LEAST_MIB = 16;
const MOST_CORES = 512;

/** The size in the units of Proxmox, rounded up. Throws Invalid for one that no machine can have. */
export function shapeOf({ size }: Pick<VmRequest, 'size'>): Shape {
  const cores = Math.ceil(parseCpu(size.cpu));
  const memoryMiB = Math.ceil(parseMemory(size.memory) / 2 ** 20);
  if (cores < 1 || cores > MOST_CORES) throw impossible(`cpu ${size.cpu}`, `between 1 and ${MOST_CORES} cores`);
  if (memoryMiB < LEAST_MIB) throw impossible(`memory ${size.memory}`, `at least ${LEAST_MIB}Mi`);
  return {
    cores,
    memoryMiB,
    diskGiB: size.disk === undefined ? undefined : Math.ceil(parseMemory(size.disk) / 2 ** 30),
  };
}

const impossible = (what: string, rule: string): ProviderError =>
  new ProviderError('Invalid', 'ImpossibleSize', `a machine of ${what} is impossible: it must have ${rule}`);

const UNITS: Readonly<Record<string, number>> = { K: 2 ** -20, M: 2 ** -10, G: 1, T: 2 ** 10 };

/** The size of a disk in GiB, from its line in the configuration; undefined when it has none. */
export function diskGiB(config: Config, disk: string): number | undefined {
  const line = config[disk];
  const [, number, unit] = typeof line === 'string' ? (/(?:^|,)size=(\d+(?:\.\d+)?)([KMGT])/.exec(line) ?? []) : [];
  return number === undefined || unit === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1);
}
