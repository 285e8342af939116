import { delimiter, join } from 'node:path';
import { type Binaries, PROGRAMS } from './versions.ts';

/** Where programs may lie already: a folder holds all of them, PATH may spread them. */
export interface Place {
  readonly name: 'KUBEBUILDER_ASSETS' | 'PATH' | 'cache';
  readonly folders: readonly string[];
  /** A folder somebody named, or that we filled, is trusted; what PATH happens to hold must be of the pinned versions. */
  readonly trusted: boolean;
}

/** The places to look in, best first. */
export function places(env: Readonly<Record<string, string | undefined>>, cache: string): Place[] {
  const assets = env['KUBEBUILDER_ASSETS'];
  return [
    ...(assets ? [{ name: 'KUBEBUILDER_ASSETS', folders: [assets], trusted: true } as const] : []),
    { name: 'PATH', folders: (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), trusted: false },
    { name: 'cache', folders: [cache], trusted: true },
  ];
}

/** The programs of one place, or the names of those it lacks: half a set is no set. */
export function programsAt(place: Place, isProgram: (path: string) => boolean): Binaries | { missing: string[] } {
  const found = PROGRAMS.map((name) => [name, place.folders.map((dir) => join(dir, name)).find(isProgram)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  return missing.length > 0 ? { missing } : (Object.fromEntries(found) as Binaries);
}

/** The folder of one build: another version or another checksum is another folder. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string, key: string): string {
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'cortex-resource-manager', 'control-plane', key);
}
