import { parseCpu, parseMemory } from '@cortex/crds';
import * as z from 'zod';
import { ProviderError } from '../errors.ts';
import type { Owner, VmRequest } from '../provider.ts';

/** What a machine's folder says of it: whose it is, and what it is made of. Written once, with the folder. */
export const MachineRecord = z.object({
  clusterId: z.string().min(1),
  workerUid: z.string().min(1),
  name: z.string().min(1),
  image: z.string().min(1),
  cpus: z.int().min(1),
  memoryMiB: z.int().min(1),
  diskGiB: z.int().min(1),
});
export type MachineRecord = z.output<typeof MachineRecord>;

const LEAST_MIB = 32;
const MOST_CPUS = 64;
const DISK_GIB = 8;

/** Throws Invalid for a size that no guest could have. */
export function recordOf(request: VmRequest, image: string): MachineRecord {
  const { clusterId, workerUid, name, size } = request;
  const cpus = Math.ceil(parseCpu(size.cpu));
  const memoryMiB = Math.ceil(parseMemory(size.memory) / 2 ** 20);
  const diskGiB = size.disk === undefined ? DISK_GIB : Math.ceil(parseMemory(size.disk) / 2 ** 30);
  if (cpus < 1 || cpus > MOST_CPUS) throw impossible(`cpu ${size.cpu}`, `between 1 and ${MOST_CPUS} cores`);
  if (memoryMiB < LEAST_MIB) throw impossible(`memory ${size.memory}`, `at least ${LEAST_MIB}Mi`);
  return { clusterId, workerUid, name, image, cpus, memoryMiB, diskGiB: Math.max(1, diskGiB) };
}

const impossible = (what: string, rule: string): ProviderError =>
  new ProviderError('Invalid', 'ImpossibleSize', `a machine of ${what} is impossible: it must have ${rule}`);

/** Whether the machine is this worker's in this cluster: nothing else is ever changed (S3). */
export const isOurs = (record: MachineRecord, { clusterId, workerUid }: Owner): boolean =>
  record.clusterId === clusterId && record.workerUid === workerUid;
