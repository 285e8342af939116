import { setTimeout as pause } from 'node:timers/promises';
import { ceilingOf, isServiceAccount } from './ceiling.ts';
import { ClusterError } from './cluster-error.ts';
import type { OpenCluster, Self } from './cluster-port.ts';
import type { Logger } from './log.ts';
import type { Profile } from './profiles.ts';

/** Where rights of one namespace would matter most: its own, and those where clusters keep what runs them. */
const SYSTEM = ['kube-system', 'default'];

export const selfOf = async (cluster: OpenCluster, namespace: string): Promise<Self> =>
  await cluster.self([namespace, cluster.namespace, ...SYSTEM]);

const ASK_AGAIN_MS = 1_000;

/** Asks until the API server answers: a facade that does not know its own power serves nobody. Throws for too much of it. */
export async function provenSelf(
  cluster: OpenCluster,
  namespace: string,
  profile: Profile,
  log: Logger,
): Promise<Self> {
  for (let attempt = 0; ; attempt++)
    try {
      const self = await selfOf(cluster, namespace);
      requireNoExcess(self, profile, log);
      return self;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (attempt === 0) log.warn('the API server does not say yet what this identity may do', { error });
      await pause(ASK_AGAIN_MS, undefined, { ref: false });
    }
}

/**
 * Throws when a ServiceAccount may do more than its profile needs: what a process does not need, it does not carry.
 * A person may do more; that is one warning, and the five verbs of the cluster are still all there is.
 */
function requireNoExcess(self: Self, profile: Profile, log: Logger): void {
  const { excess, missing } = ceilingOf(self, profile);
  if (self.incomplete !== undefined)
    log.warn('the API server could not list every right of this identity', {
      user: self.user,
      reason: self.incomplete,
    });
  if (missing.length > 0) log.warn('this identity may not do all that its profile offers', { profile, missing });
  if (excess.length === 0) return;
  const more = excess.length > 10 ? `, and ${excess.length - 10} more` : '';
  const rights = `${excess.slice(0, 10).join(', ')}${more}`;
  if (isServiceAccount(self))
    throw new Error(
      `${self.user} may do more than profile ${profile} needs: ${rights}. Take these rights away, or run another profile`,
    );
  log.warn(`${self.user} may do more than profile ${profile} needs; the tools use none of it`, { rights });
}

/** What --check prints. */
export function report(self: Self, profile: Profile, crds: string): string {
  const { excess, missing } = ceilingOf(self, profile);
  return `${[
    `identity   ${self.user}`,
    `profile    ${profile}`,
    `CRDs       ${crds}`,
    `missing    ${missing.join(', ') || 'nothing'}`,
    `beyond     ${excess.slice(0, 20).join(', ') || 'nothing'}${excess.length > 20 ? ', …' : ''}`,
  ].join('\n')}\n`;
}
