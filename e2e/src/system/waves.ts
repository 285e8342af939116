import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, parseAllDocuments } from 'yaml';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { crdsServed } from '../control-plane/install.ts';
import { CRD_CHART, isHook, rendered } from '../helm/chart.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples/gitops');
const AS_ARGOCD = ['--server-side', '--force-conflicts', '--field-manager=argocd-controller'];
/** The destination of both Applications. */
const NAMESPACE = 'cortex-system';

/** What lies in Git, by the wave that each object says it belongs to. */
export type Waves = ReadonlyMap<number, string>;

/**
 * Both charts as they are rendered, the platform and the jobs of examples/gitops. The server is not asked for a handshake:
 * its pods are played.
 */
export async function wavesInGit(): Promise<Waves> {
  const chart = (await rendered('default')).filter((one) => !isHook(one)).map(({ text }) => text);
  const crds = textsIn(join(CRD_CHART, 'templates/*.yaml'));
  const examples = documentsIn(textsIn(join(EXAMPLES, '{platform,jobs}/*.yaml')).map(playable)).map((document) => {
    if (document.get('kind') !== 'WorkerPool') document.setIn(['metadata', 'namespace'], NAMESPACE);
    return document;
  });
  const all = [...documentsIn([...crds, ...chart]), ...examples];
  return new Map(
    [...Map.groupBy(all, waveOf)]
      .toSorted(([a], [b]) => a - b)
      .map(([wave, documents]) => [wave, documents.map((document) => document.toString()).join('---\n')]),
  );
}

const textsIn = (glob: string): string[] => globSync(glob).map((file) => readFileSync(file, 'utf8'));

const documentsIn = (texts: readonly string[]): Document[] =>
  texts.flatMap((text) => parseAllDocuments(text) as Document[]);

const playable = (yaml: string): string => yaml.replace('  workloadRef:', '  probe: {type: None}\n  workloadRef:');

const waveOf = (document: Document): number =>
  Number(document.getIn(['metadata', 'annotations', 'argocd.argoproj.io/sync-wave']) ?? 0);

/** Applies these waves as ArgoCD does: one after the other, the CRDs served before anything that needs them. */
export async function sync(plane: ControlPlane, waves: Waves, holds: (wave: number) => boolean): Promise<void> {
  for (const [wave, yaml] of waves) {
    if (!holds(wave)) continue;
    await plane.kubectl(['apply', ...AS_ARGOCD, '-f', '-'], { input: yaml });
    if (wave < 0) await crdsServed(plane);
  }
}

/** What another sync would change; nothing, and it answers an empty text. */
export const outOfSync = async (plane: ControlPlane, waves: Waves): Promise<string> =>
  await plane.kubectl(['diff', ...AS_ARGOCD, '-f', '-'], { input: [...waves.values()].join('---\n') });
