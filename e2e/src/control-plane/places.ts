import { delimiter, join } from 'node:path';
import { type Binaries, PROGRAMS } from './versions.ts';

/** A folder that may hold the programs already. */
export interface Place {
  readonly name: 'KUBEBUILDER_ASSETS' | 'PATH' | 'cache';
  readonly folder: string;
  /** A folder somebody named, or that we filled, is trusted; what PATH happens to hold must be of the pinned versions. */
  readonly trusted: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The places to look in, best first. */
export function places(env: Environment, cache: string): Place[] {
  const assets = env['KUBEBUILDER_ASSETS'];
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [
    ...(assets ? [{ name: 'KUBEBUILDER_ASSETS', folder: assets, trusted: true } as const] : []),
    ...path.map((folder) => ({ name: 'PATH', folder, trusted: false }) as const),
    { name: 'cache', folder: cache, trusted: true },
  ];
}

/** The programs of one folder, or the names of those it lacks: half a set is no set. */
export function programsIn(folder: string, isProgram: (path: string) => boolean): Binaries | { missing: string[] } {
  const missing = PROGRAMS.filter((name) => !isProgram(join(folder, name)));
  if (missing.length > 0) return { missing };
  return Object.fromEntries(PROGRAMS.map((name) => [name, join(folder, name)])) as Binaries;
}

/** The folder of one build: another version or another checksum is another folder. */
export function cacheFolder(env: Environment, home: string, what: string, key: string): string {
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'cortex-resource-manager', what, key);
}
