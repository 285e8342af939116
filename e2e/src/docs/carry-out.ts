import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { run } from '../control-plane/run.ts';
import { commandsOf, examplesOf, isRun } from './page.ts';

/** Where the bundles are. */
export const DIST = join(import.meta.dirname, '../../../dist');

/** A shell as a reader has it: kubectl and its plugin on PATH, and the cluster in KUBECONFIG. */
export function shellOf({ kubeconfigPath }: ControlPlane): NodeJS.ProcessEnv {
  const path = [dirname(kubeconfigPath), DIST, dirname(process.execPath), process.env['PATH']].join(':');
  return { ...process.env, PATH: path, KUBECONFIG: kubeconfigPath, NO_COLOR: '1' };
}

/**
 * Carries out the commands of a page, in a folder that holds its first example under the name of its kind, such as
 * allocation.yaml. What the page has made is deleted. Throws with what the first command said that failed.
 */
export async function carryOut(page: string, plane: ControlPlane): Promise<void> {
  const scripts = commandsOf(page).filter(isRun);
  if (scripts.length === 0) return;
  const cwd = mkdtempSync(join(tmpdir(), 'cortex-docs-'));
  const env = shellOf(plane);
  try {
    const example = examplesOf(page).find(({ objects }) => objects.length > 0);
    const file = `${example?.objects[0]?.kind?.toLowerCase()}.yaml`;
    if (example !== undefined) writeFileSync(join(cwd, file), example.text);
    for (const { text } of scripts) await run('bash', ['-euo', 'pipefail', '-c', text], { cwd, env });
    if (scripts.some(({ text }) => text.includes(`apply -f ${file}`)))
      await plane.kubectl(['delete', '-f', join(cwd, file), '--ignore-not-found', '--wait=false']);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
