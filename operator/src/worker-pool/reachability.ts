import type { Reason, WorkerPool } from '@cortex/crds';
import { type Claim, timestamp } from '../conditions.ts';
import type { ProviderError } from '../providers/errors.ts';
import type { Finding } from '../providers/provider.ts';
import { reasonOfCode } from '../provider-reasons.ts';

/** How one look at a provider ended: what it lacks, or that it could not be asked. */
export type Look =
  | { readonly findings: readonly Finding[] }
  | { readonly refusal: Pick<ProviderError, 'class' | 'code' | 'message'> };

/** What is known of a pool's provider. */
export interface Reachability {
  readonly status: boolean;
  readonly reason: Reason;
  readonly message: string;
  /** Since when it has not answered, in milliseconds of the epoch; undefined while it does. */
  readonly silentSince?: number;
}

/** Longer ones say nothing more to a person. */
const MOST_FINDINGS = 10;
const SILENT_MS = 30_000;

const FINE: Reachability = {
  status: true,
  reason: 'Reachable',
  message: 'The provider answers, and what machines need is there',
};

/**
 * What is known after one more look. A silence keeps its beginning and its first words, however each look at it ends: what
 * is told changes once. It ends with a look that was answered as a whole (contract S8).
 */
export function afterLook(before: Reachability | undefined, look: Look, now: Date): Reachability | undefined {
  if ('findings' in look) return look.findings.length === 0 ? FINE : lacking(look.findings);
  const { class: of, code, message } = look.refusal;
  if (of === 'Throttled' || of === 'Conflict') return before; // it is busy, and says nothing of itself
  if (of !== 'Transient') return { status: false, reason: reasonOfCode(code), message };
  if (before?.silentSince !== undefined) return before;
  return { status: false, reason: 'Unreachable', message, silentSince: now.getTime() };
}

function lacking(findings: readonly Finding[]): Reachability {
  const said = findings.slice(0, MOST_FINDINGS).map(({ what, fix }) => `${what}: ${fix}`);
  const more = findings.length - said.length;
  const message = [...said, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  const [first] = findings;
  const reason = first?.code === undefined ? 'PreflightFailed' : reasonOfCode(first.code);
  return { status: false, reason, message };
}

export const reachableClaim = ({ status, reason, message }: Reachability): Claim => ({
  type: 'ProviderReachable',
  status,
  reason,
  message,
});

/** Why no machine of this pool may be removed now: whoever cannot ask for it must not empty its Node (contract S8). */
export function silenceOf(
  { metadata }: Pick<WorkerPool, 'metadata'>,
  known: Reachability | undefined,
  now: Date,
): string | undefined {
  const since = known?.silentSince;
  if (known === undefined || since === undefined || now.getTime() - since <= SILENT_MS) return undefined;
  return `The provider of WorkerPool ${metadata.name} has not answered since ${timestamp(new Date(since))}: ${known.message}`;
}

const FINE_MS = 30_000;
const SILENCE_MS = 5_000;

/** Until the next look: soon while it is silent, or its breaker says when. */
export const nextLookMs = (known: Reachability | undefined, retryAfterMs: number | undefined): number =>
  retryAfterMs ?? (known?.silentSince === undefined ? FINE_MS : SILENCE_MS);
