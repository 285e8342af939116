import { ProviderError } from './errors.ts';

/**
 * The call's answer, unless the signal ends first: then the caller goes on at once, and what became of the call is for
 * the next look to find out.
 */
export async function within<A>(signal: AbortSignal, call: () => Promise<A>): Promise<A> {
  if (signal.aborted) throw cutOff();
  const cut = Promise.withResolvers<never>();
  const onAbort = (): void => cut.reject(cutOff());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([call(), cut.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const cutOff = (): ProviderError =>
  new ProviderError('Transient', 'CutOff', 'the time for this call was over before an answer came');
