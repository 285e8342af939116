import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ControlPlane } from './handle.ts';

const CRDS = join(import.meta.dirname, '../../../crds');

interface CustomResourceDefinition {
  spec: { group: string; names: { plural: string }; versions: { name: string; served: boolean }[] };
}

/** Server-side apply of YAML documents, as kubectl's field manager. */
export async function applyManifests(plane: ControlPlane, yaml: string): Promise<void> {
  await plane.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: yaml });
}

/** The generated CRDs of this project: their text, one per file. */
export function crdManifests(): string[] {
  const files = existsSync(CRDS) ? readdirSync(CRDS).filter((name) => name.endsWith('.yaml')) : [];
  return files.toSorted().map((name) => readFileSync(join(CRDS, name), 'utf8'));
}

/**
 * Installs the CRDs of this project and waits until each resource can be listed: the first requests to a new one
 * answer 404 or 429, and would cost the first test its time.
 */
export async function installCrds(plane: ControlPlane, manifests = crdManifests()): Promise<void> {
  if (manifests.length === 0) throw new Error('crds/ holds no YAML: run npm run generate');
  await applyManifests(plane, manifests.join('\n---\n'));
  await crdsServed(plane, manifests);
}

/** Waits until each resource that these CRDs define can be listed. */
export async function crdsServed(plane: ControlPlane, manifests = crdManifests()): Promise<void> {
  await plane.served(manifests.flatMap(listPaths));
}

function listPaths(yaml: string): string[] {
  const definitions = parseAllDocuments(yaml).map((document) => document.toJS() as CustomResourceDefinition);
  return definitions.flatMap(({ spec }) =>
    spec.versions.filter(({ served }) => served).map(({ name }) => `/apis/${spec.group}/${name}/${spec.names.plural}`),
  );
}
