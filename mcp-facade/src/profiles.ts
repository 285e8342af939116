import type { Access } from './tool.ts';

export const PROFILES = ['readonly', 'operator', 'admin'] as const;

/** How much of itself a facade offers: looking, also lending and scaling, also destroying. */
export type Profile = (typeof PROFILES)[number];

const GRANTS: Readonly<Record<Profile, readonly Access[]>> = {
  readonly: ['read'],
  operator: ['read', 'write'],
  admin: ['read', 'write', 'destroy'],
};

export const grantsOf = (profile: Profile): readonly Access[] => GRANTS[profile];

const KINDS = ['allocations', 'burstworkers', 'workerpools', 'nodedrains', 'mcpservers', 'mcpserverscales'];

/** Resources of our group that a profile uses, by verb: what its role grants, and not a verb more. */
export function neededBy(profile: Profile): Readonly<Record<string, readonly string[]>> {
  const reads = { get: KINDS, list: KINDS, watch: KINDS };
  if (profile === 'readonly') return reads;
  const writes = { ...reads, create: ['allocations', 'burstworkers', 'nodedrains', 'mcpserverscales'] };
  return profile === 'operator'
    ? { ...writes, delete: ['allocations'] }
    : { ...writes, delete: ['allocations', 'burstworkers'] };
}
