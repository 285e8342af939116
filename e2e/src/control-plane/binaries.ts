import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { buildInto, buildKey } from './build.ts';
import { cacheFolder, type Place, places, programsIn } from './places.ts';
import { type Binaries, ETCD, KUBERNETES, KWOK } from './versions.ts';

const run = promisify(execFile);
const PINNED = { 'kube-apiserver': KUBERNETES, kubectl: KUBERNETES, etcd: ETCD, kwokctl: KWOK, kwok: KWOK } as const;

/**
 * Finds the programs of a control plane: KUBEBUILDER_ASSETS, PATH, the cache of this project; else builds them into
 * the cache. `say` hears what takes time and what was passed over.
 */
export async function findBinaries(say: (line: string) => void): Promise<Binaries> {
  const cache = cacheFolder(process.env, homedir(), 'control-plane', buildKey());
  for (const place of places(process.env, cache)) {
    const found = await usable(place, say);
    if (found) return found;
  }
  await buildInto(cache, say);
  const built = programsIn(cache, isProgram);
  if ('missing' in built) throw new Error(`${cache} lacks ${built.missing.join(', ')}: remove it and run this again`);
  return built;
}

async function usable(place: Place, say: (line: string) => void): Promise<Binaries | undefined> {
  const found = programsIn(place.folder, isProgram);
  if (!('missing' in found)) return place.trusted || (await arePinned(found)) ? found : undefined;
  if (place.name === 'KUBEBUILDER_ASSETS') {
    say(`KUBEBUILDER_ASSETS=${place.folder} is passed over: it lacks ${found.missing.join(', ')}`);
  }
  return undefined;
}

async function arePinned(found: Binaries): Promise<boolean> {
  const versions = Object.entries(PINNED).map(async ([program, version]) => {
    const args = program === 'kubectl' ? ['version', '--client'] : ['--version'];
    const { stdout } = await run(found[program as keyof Binaries], args);
    return stdout.includes(version);
  });
  return (await Promise.all(versions).catch(() => [false])).every(Boolean);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
