import { GROUP } from '@cortex/crds';
import type { Right, Self } from './cluster-port.ts';
import { neededBy, type Profile } from './profiles.ts';

/** What Kubernetes lets every authenticated user do: asking about itself, and reading what is public. */
const EVERYBODY: readonly {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}[] = [
  {
    group: 'authorization.k8s.io',
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    verbs: ['create'],
  },
  { group: 'authentication.k8s.io', resources: ['selfsubjectreviews'], verbs: ['create'] },
  { group: 'certificates.k8s.io', resources: ['clustertrustbundles'], verbs: ['get', 'list', 'watch'] },
];

export interface Ceiling {
  /** Rights beyond the profile, such as `patch allocations.cortex.automation`. */
  readonly excess: readonly string[];
  /** Rights of the profile that are not there. */
  readonly missing: readonly string[];
}

/** How the rights of this identity compare with what its profile needs. */
export function ceilingOf({ rights }: Self, profile: Profile): Ceiling {
  const needed = Object.entries(neededBy(profile));
  return {
    excess: [...new Set(rights.flatMap((right) => beyond(right, profile)))].toSorted(),
    missing: needed.flatMap(([verb, resources]) =>
      resources
        .filter((resource) => !rights.some((right) => grants(right, verb, resource)))
        .map((r) => say(verb, r, GROUP)),
    ),
  };
}

const beyond = ({ verbs, apiGroups, resources, nonResourceURLs }: Right, profile: Profile): string[] => [
  ...apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.filter((verb) => !isExpected(verb, resource, group, profile)).map((verb) => say(verb, resource, group)),
    ),
  ),
  ...nonResourceURLs.flatMap((url) =>
    verbs.filter((verb) => verb !== 'get' && verb !== 'head').map((verb) => `${verb} ${url}`),
  ),
];

function isExpected(verb: string, resource: string, group: string, profile: Profile): boolean {
  if (group === GROUP) return neededBy(profile)[verb]?.includes(resource) ?? false;
  return EVERYBODY.some(
    (each) => each.group === group && each.resources.includes(resource) && each.verbs.includes(verb),
  );
}

const grants = ({ verbs, apiGroups, resources }: Right, verb: string, resource: string): boolean =>
  has(verbs, verb) && has(apiGroups, GROUP) && has(resources, resource);

const has = (listed: readonly string[], one: string): boolean => listed.includes('*') || listed.includes(one);

const say = (verb: string, resource: string, group: string): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

export const isServiceAccount = ({ user }: Self): boolean => user.startsWith('system:serviceaccount:');
