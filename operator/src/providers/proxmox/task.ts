import type { ProxmoxClient } from './client.ts';
import { isForbidden, isMissing } from './refusal.ts';

/** A UPID names the host that works, what it does, and on which id: `UPID:host:pid:pstart:start:type:id:user:`. */
export interface Upid {
  readonly host: string;
  readonly type: string;
  readonly id: string;
}

export function parseUpid(upid: string): Upid | undefined {
  const [word, host, , , , type, id] = upid.split(':');
  return word === 'UPID' && host !== undefined && type !== undefined && id !== undefined
    ? { host, type, id }
    : undefined;
}

export type TaskState =
  | { readonly state: 'running' }
  /** Forgotten by its host, or not ours to see: only the machine tells. */
  | { readonly state: 'unknown' }
  | { readonly state: 'over'; readonly ok: boolean; readonly said: string };

/** How a task is getting on, asked from the host that works on it. What it says is never trusted alone: the machine is looked at. */
export async function taskState(client: ProxmoxClient, upid: string, signal: AbortSignal): Promise<TaskState> {
  const host = parseUpid(upid)?.host;
  if (host === undefined) return { state: 'unknown' };
  try {
    const { status, exitstatus = '' } = await client.call('task', { node: host, upid }, signal);
    return status === 'running' ? { state: 'running' } : { state: 'over', ...verdict(exitstatus) };
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return { state: 'unknown' };
    throw error;
  }
}

/** `WARNINGS: n` is success with something to read. */
const verdict = (exit: string): { ok: boolean; said: string } => ({
  ok: exit === 'OK' || /^WARNINGS: \d+$/.test(exit),
  said: exit === 'OK' ? '' : exit.slice(0, 300),
});

/** Work of ours on this host that hides its machine while it lasts: a machine joins its pool at the end of its creation. */
export async function hidingWork(
  client: ProxmoxClient,
  host: string,
  vmid: number,
  signal: AbortSignal,
): Promise<'creating' | 'destroying' | undefined> {
  const active = (await client.call('tasks', { node: host, source: 'active' }, signal)).flatMap(
    ({ upid }) => parseUpid(upid) ?? [],
  );
  // A clone's task names the template, not the clone: any of ours may be this one.
  const creates = active.some(({ type, id }) => type === 'qmclone' || (type === 'qmcreate' && id === String(vmid)));
  if (creates) return 'creating';
  return active.some(({ type, id }) => type === 'qmdestroy' && id === String(vmid)) ? 'destroying' : undefined;
}
