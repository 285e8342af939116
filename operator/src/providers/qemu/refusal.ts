import { type ErrorClass, ProviderError } from '../errors.ts';
import { QmpError } from './qmp.ts';

const LOOK_AGAIN_MS = 60_000;

/** What went wrong on this host, in its class. */
export function refusalOf(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof QmpError) return new ProviderError('Transient', 'Silent', error.message, { cause: error });
  const { code, stderr = '', message = '' } = error as { code?: string | number; stderr?: string; message?: string };
  const said = stderr.trim() === '' ? message : stderr.trim();
  const [of, word] = meaning(code, said);
  const retryAfterMs = of === 'Unauthorized' ? LOOK_AGAIN_MS : undefined;
  return new ProviderError(of, word, said.slice(0, 500), { retryAfterMs, cause: error });
}

const BY_CODE: Readonly<Record<string, readonly [ErrorClass, string]>> = {
  ENOSPC: ['Capacity', 'DiskFull'],
  EDQUOT: ['Capacity', 'DiskFull'],
  ENOMEM: ['Capacity', 'NoMemory'],
  EACCES: ['Unauthorized', 'NotAllowed'],
  EPERM: ['Unauthorized', 'NotAllowed'],
  EROFS: ['Unauthorized', 'NotAllowed'],
  EMFILE: ['Throttled', 'TooManyFiles'],
};

function meaning(code: string | number | undefined, said: string): readonly [ErrorClass, string] {
  if (code === 'ENOENT' && said.startsWith('spawn ')) return ['Invalid', 'QemuMissing'];
  const known = BY_CODE[code ?? ''];
  if (known !== undefined) return known;
  if (/Cannot lock pid file|Failed to get "?\w+"? lock|Is another process using/i.test(said))
    return ['Conflict', 'Starting'];
  if (/Cannot allocate memory|cannot set up guest memory/i.test(said)) return ['Capacity', 'NoMemory'];
  if (/No space left/i.test(said)) return ['Capacity', 'DiskFull'];
  if (/UNIX socket path .* is too long/i.test(said)) return ['Invalid', 'PathTooLong'];
  return typeof code === 'string' && !code.startsWith('ERR_') ? ['Transient', code] : ['Internal', 'QemuFailed'];
}
