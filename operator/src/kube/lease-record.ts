import { type Lease, Leases } from './core.ts';
import { microTime } from './micro-time.ts';
import type { Draft } from './object.ts';

export interface Claim {
  readonly identity: string;
  readonly durationMs: number;
}

/** A Lease that nobody had before. */
export const firstLease = (namespace: string, name: string, claim: Claim, now: Date): Draft<Lease> => ({
  apiVersion: `${Leases.group}/${Leases.version}`,
  kind: 'Lease',
  metadata: { namespace, name },
  spec: held(claim, now, 0),
});

/** Taken from whoever held it, oneself before a restart included: every taking has its own number (contract S10). */
export const taken = (lease: Lease, claim: Claim, now: Date): Lease => ({
  ...lease,
  spec: held(claim, now, (lease.spec?.leaseTransitions ?? 0) + 1),
});

export const renewed = (lease: Lease, now: Date): Lease => ({
  ...lease,
  spec: { ...lease.spec, renewTime: microTime(now) },
});

/** Free at once for whoever waits. */
export const released = (lease: Lease, now: Date): Lease => ({
  ...lease,
  spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) },
});

/** Is it this very taking by this identity, not a later one? */
export const isHeldSince = (lease: Lease, identity: string, epoch: number): boolean =>
  lease.spec?.holderIdentity === identity && (lease.spec.leaseTransitions ?? 0) === epoch;

const held = ({ identity, durationMs }: Claim, now: Date, leaseTransitions: number): NonNullable<Lease['spec']> => ({
  holderIdentity: identity,
  leaseDurationSeconds: Math.ceil(durationMs / 1000),
  acquireTime: microTime(now),
  renewTime: microTime(now),
  leaseTransitions,
});
