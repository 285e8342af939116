import { timestamp } from '../conditions.ts';
import type { Leak } from './suspect.ts';

const NAMED = 3;

/** What was seen of these leaks and what is done about them; the same words while nothing changes. */
export function leaksSentence(leaks: readonly Leak[]): string {
  const named = leaks.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, NAMED);
  const others = leaks.length - named.length;
  return [...named.map(leakSentence), ...(others === 0 ? [] : [`and ${others} more`])].join('; ');
}

/** What one is, since when it is seen, and what becomes of it. */
export function leakSentence(leak: Leak): string {
  const since = `seen since ${timestamp(new Date(leak.firstSeenAt))}`;
  return `${evidence(leak)} (${since}): ${leak.held ?? 'it is being removed'}`;
}

function evidence(leak: Leak): string {
  if (leak.kind === 'Node')
    return `Node ${leak.name} is not Ready, and neither BurstWorker ${leak.workerUid} nor its machine exists`;
  const where = leak.host === undefined ? '' : ` on ${leak.host}`;
  return `machine ${leak.id}${where} (${leak.provider}, ${leak.state}) is this cluster's, and BurstWorker ${leak.workerUid} that it was made for does not exist`;
}
