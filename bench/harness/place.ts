import { ETCD, KUBERNETES, KWOK } from '@cortex/e2e/control-plane/versions';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** Where and when a figure was taken, and with what. */
export interface Place {
  readonly machine: {
    readonly cores: number;
    readonly cpu: string;
    readonly memoryMiB: number;
    readonly kernel: string;
    /** The load average of the last minute: others' work makes every figure smaller. */
    readonly load: number;
  };
  readonly versions: Readonly<Record<'node' | 'kubernetes' | 'etcd' | 'kwok', string>>;
  readonly at: string;
}

export const placeNow = (): Place => ({
  machine: {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  },
  versions: { node: process.version, kubernetes: KUBERNETES, etcd: ETCD, kwok: KWOK },
  at: new Date().toISOString(),
});
