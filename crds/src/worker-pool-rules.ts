import type { CelRule, Rule } from './kubernetes.ts';
import type { PROVIDER_TYPES } from './provider.ts';

interface Pool {
  readonly class: 'Permanent' | 'Burst' | 'Spot' | 'GPU';
  readonly provider?: { readonly type: (typeof PROVIDER_TYPES)[number] } | undefined;
  readonly sizes: readonly { readonly name: string }[];
  readonly defaultSize: string;
  readonly nodeSelector?: unknown;
  readonly bootstrap?: unknown;
}

/** What must hold between the fields of a pool. */
export const poolRules: readonly Rule<Pool>[] = [
  {
    rule: "self.class != 'Permanent' || !has(self.provider)",
    message: 'provider must be unset for class Permanent, which makes no machines: remove it, or choose another class',
    fieldPath: '.provider',
    reason: 'FieldValueForbidden',
    holds: (pool) => pool.class !== 'Permanent' || pool.provider === undefined,
  },
  {
    rule: "self.class == 'Permanent' || has(self.provider)",
    message: 'provider is required unless class is Permanent: set provider.type',
    fieldPath: '.provider',
    reason: 'FieldValueRequired',
    holds: (pool) => pool.class === 'Permanent' || pool.provider !== undefined,
  },
  {
    rule: "self.class == 'Permanent' || !has(self.nodeSelector)",
    message: 'nodeSelector goes with class Permanent only: remove it',
    fieldPath: '.nodeSelector',
    reason: 'FieldValueForbidden',
    holds: (pool) => pool.class === 'Permanent' || pool.nodeSelector === undefined,
  },
  {
    rule: 'self.sizes.exists(size, size.name == self.defaultSize)',
    message: 'defaultSize must be the name of one of sizes: set defaultSize',
    fieldPath: '.defaultSize',
    holds: (pool) => pool.sizes.some(({ name }) => name === pool.defaultSize),
  },
  {
    rule: "!has(self.bootstrap) || (has(self.provider) && self.provider.type != 'Kwok')",
    message: 'bootstrap goes with providers whose machines boot: class Permanent and provider.type Kwok have none',
    fieldPath: '.bootstrap',
    reason: 'FieldValueForbidden',
    holds: (pool) => pool.bootstrap === undefined || (pool.provider !== undefined && pool.provider.type !== 'Kwok'),
  },
];

/** A pool that has workers must find them where they were made. */
export const poolChanges: readonly CelRule[] = [
  {
    rule: 'has(self.provider) == has(oldSelf.provider) && (!has(self.provider) || self.provider.type == oldSelf.provider.type)',
    message: 'provider.type is immutable: create another WorkerPool',
    fieldPath: '.provider',
    reason: 'FieldValueForbidden',
  },
];
