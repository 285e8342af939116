import { expect, test } from 'vitest';
import { ceilingOf, isServiceAccount } from './ceiling.ts';
import type { Right } from './cluster-port.ts';
import { PROFILES, type Profile } from './profiles.ts';

const KINDS = ['allocations', 'burstworkers', 'workerpools', 'nodedrains', 'mcpservers', 'mcpserverscales'];
const right = (verbs: string[], resources: string[], apiGroups = ['cortex.automation']): Right => ({
  verbs,
  apiGroups,
  resources,
  nonResourceURLs: [],
});

const READ = right(['get', 'list', 'watch'], KINDS);
const WRITE = [
  right(['create'], ['allocations', 'burstworkers', 'nodedrains', 'mcpserverscales']),
  right(['delete'], ['allocations']),
];
const DESTROY = right(['delete'], ['burstworkers']);
const ROLES: Readonly<Record<Profile, Right[]>> = {
  readonly: [READ],
  operator: [READ, ...WRITE],
  admin: [READ, ...WRITE, DESTROY],
};

const EVERYBODY = [
  right(['create'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['authorization.k8s.io']),
  right(['create'], ['selfsubjectreviews'], ['authentication.k8s.io']),
  { ...right(['get'], [], []), nonResourceURLs: ['/api/*', '/healthz', '/version'] },
];

const ceiling = (profile: Profile, rights: readonly Right[]) =>
  ceilingOf({ user: 'u', rights, incomplete: undefined }, profile);

test.for(PROFILES)('the role of %s is neither more nor less than its profile needs', (profile) => {
  expect(ceiling(profile, [...ROLES[profile], ...EVERYBODY])).toEqual({ excess: [], missing: [] });
});

test('the role of a larger profile is too much for a smaller one, and the other way round too little', () => {
  expect(ceiling('operator', ROLES.admin).excess).toEqual(['delete burstworkers.cortex.automation']);
  expect(ceiling('readonly', ROLES.operator).excess).toHaveLength(5);
  expect(ceiling('admin', ROLES.operator).missing).toEqual(['delete burstworkers.cortex.automation']);
});

test.for([
  [right(['patch'], ['allocations']), 'patch allocations.cortex.automation'],
  [right(['get'], ['secrets'], ['']), 'get secrets'],
  [right(['get'], ['allocations/status']), 'get allocations/status.cortex.automation'],
  [right(['*'], ['*'], ['*']), '* *.*'],
  [
    right(['create'], ['selfsubjectaccessreviews', 'tokenreviews'], ['authorization.k8s.io']),
    'create tokenreviews.authorization.k8s.io',
  ],
  [{ ...right(['post'], [], []), nonResourceURLs: ['/debug'] }, 'post /debug'],
] as const)('%o is said to be too much', ([more, said]) => {
  expect(ceiling('admin', [...ROLES.admin, more]).excess).toEqual([said]);
});

test('a wildcard grants what a profile needs', () => {
  expect(ceiling('admin', [right(['*'], ['*'], ['*'])]).missing).toEqual([]);
});

const self = (user: string) => ({ user, rights: [], incomplete: undefined });

test('a ServiceAccount is known by its name', () => {
  expect(isServiceAccount(self('system:serviceaccount:cortex-system:cortex-facade'))).toBe(true);
  expect(isServiceAccount(self('alice'))).toBe(false);
});
