import { shortHash } from '../hash.ts';

/** The name of an Allocation's n-th worker, the same after any crash (contract C1). */
export const workerName = (pool: string, allocationUid: string, ordinal: number): string =>
  `${pool}-${shortHash(allocationUid)}-${ordinal}`;

/** The name of an Allocation's wish about one server (contract C6). */
export const wishName = (allocation: { name: string; uid: string }, server: string): string =>
  `${allocation.name.slice(0, 40).replace(/[-.]+$/, '')}-${shortHash(`${allocation.uid}/${server}`)}`;

const LABEL_VALUE = 63;

/** The value of the job's label and taint: `<namespace>.<jobId>`, shortened to a label value (contract C3). */
export function claimMark(namespace: string, jobId: string): string {
  const whole = `${namespace}.${jobId}`;
  return whole.length <= LABEL_VALUE ? whole : `${whole.slice(0, 52)}-${shortHash(whole)}`;
}
