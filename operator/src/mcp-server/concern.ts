import type { McpServer, McpServerScale } from '@cortex/crds';
import { NAMED } from './effective.ts';
import { claimantOf } from './wishes.ts';

type Version = McpServerScale | undefined;

/**
 * An Allocation's wish that nothing was ever written to: its Allocation speaks for it, and the server names it where it
 * counts. A thousand of them cost a thousand creates, and nothing more (the write budget of an Allocation).
 */
export const isSilent = (wish: McpServerScale): boolean => claimantOf(wish) !== undefined && wish.status === undefined;

/** Whether a change of this wish may change what its server shall have, or what it says. */
export function changesServer(server: McpServer | undefined, now: Version, before: Version): boolean {
  if (server === undefined || now === undefined) return true;
  if (before !== undefined) return isEdited(now, before);
  return claimantOf(now) === undefined || isNews(server, now);
}

/** Of a thousand Allocations that name one server, the first few are news. */
function isNews({ status }: McpServer, { spec }: McpServerScale): boolean {
  const { replicas = 0, because = [] } = status?.effective ?? {};
  const isClaimed = status?.conditions?.some(({ type, reason }) => type === 'Idle' && reason === 'Claimed') ?? false;
  const isNamed = because.every(({ kind }) => kind === 'Allocation') && because.length < NAMED;
  return !isClaimed || spec.replicas > replicas || (spec.replicas === replicas && isNamed);
}

/** Whether a change of this wish may change where the others about its server stand: only a Set or an Override can. */
export function changesWishes(now: Version, before: Version): boolean {
  if ([now, before].every((wish) => wish === undefined || wish.spec.policy === 'AtLeast')) return false;
  return (
    now === undefined || before === undefined || isEdited(now, before) || now.status?.phase !== before.status?.phase
  );
}

const isEdited = (now: McpServerScale, before: McpServerScale): boolean =>
  now.metadata.generation !== before.metadata.generation ||
  now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp;
