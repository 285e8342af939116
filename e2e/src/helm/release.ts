import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { crdsServed } from '../control-plane/install.ts';
import { run } from '../control-plane/run.ts';
import { APP_CHART, CRD_CHART, helm } from './chart.ts';

const ROOT = dirname(dirname(APP_CHART));
const NAMESPACE = ['--namespace', 'cortex-system'];

/** Where both charts are; by default as they are now. */
export interface Charts {
  readonly crds: string;
  readonly app: string;
}

const NOW: Charts = { crds: CRD_CHART, app: APP_CHART };

/** Installs both charts, the CRDs first, or brings what is installed up to them. */
export async function installCharts(plane: ControlPlane, charts = NOW, values: readonly string[] = []): Promise<void> {
  const put = ['upgrade', '--install', '--create-namespace', ...NAMESPACE, '--kubeconfig', plane.kubeconfigPath];
  await helm(...put, 'cortex-crds', charts.crds);
  await crdsServed(plane);
  await helm(...put, 'cortex', charts.app, ...values);
}

/** The charts before their last change, taken from history, in a folder of their own; undefined where there is no history. */
export async function formerCharts(): Promise<(Charts & Disposable) | undefined> {
  const former = await formerCommit().catch(() => undefined);
  if (former === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'cortex-charts-'));
  const archive = join(folder, 'charts.tar');
  await run('git', ['archive', '--output', archive, former, 'charts'], { cwd: ROOT });
  await run('tar', ['-xf', archive, '-C', folder]);
  return {
    crds: join(folder, 'charts/cortex-resource-manager-crds'),
    app: join(folder, 'charts/cortex-resource-manager'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** The last commit but one that changed a chart, if there was one to install already. */
async function formerCommit(): Promise<string | undefined> {
  const log = await run('git', ['log', '-n', '2', '--format=%H', '--', 'charts'], { cwd: ROOT });
  const [, former] = log.trim().split('\n');
  if (former !== undefined)
    await run('git', ['cat-file', '-e', `${former}:charts/cortex-resource-manager/templates/operator.yaml`], {
      cwd: ROOT,
    });
  return former;
}
