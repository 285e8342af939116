import { PROVIDER_REASONS, type Reason } from '@cortex/crds';

const WORDS: ReadonlySet<string> = new Set(PROVIDER_REASONS);

/** Whether somebody says by this word that a provider refuses. */
export const isProviderReason = (reason: string | undefined): boolean => reason !== undefined && WORDS.has(reason);

/** A provider's own code, as the reason of a condition. */
export const reasonOfCode = (code: string): Reason => (isProviderReason(code) ? (code as Reason) : 'ProviderError');
