import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_CHART, CRD_CHART, helm } from '../helm/chart.ts';
import { loadImages } from './images.ts';
import type { KindCluster } from './kind-cluster.ts';

/** Images of this build, small enough for two cores; the rest as the chart has it. */
const VALUES = [
  '--set',
  'image.tag=e2e,image.pullPolicy=Never',
  '--set',
  'facade.profile=admin,facade.namespace=default',
];
const NAMESPACE = ['--namespace', 'cortex-system'];

/** The product in a kind cluster, as its users install it. */
export class KindStory {
  readonly kind: KindCluster;
  readonly folder = mkdtempSync(join(tmpdir(), 'cortex-kind-story-'));

  constructor(kind: KindCluster) {
    this.kind = kind;
  }

  /** Loads the images and installs both charts; done when every pod is ready. */
  async install(): Promise<void> {
    await loadImages(this.kind);
    await this.kind.kubectl(['create', 'namespace', 'cortex-system']);
    const enforce = 'pod-security.kubernetes.io/enforce=restricted';
    await this.kind.kubectl(['label', 'namespace', 'cortex-system', enforce]);
    await this.helm('install', 'cortex-crds', CRD_CHART);
    await this.helm('install', 'cortex', APP_CHART, '--wait', '--timeout', '120s', ...VALUES);
  }

  /** The same again, with other values. */
  async upgrade(...values: string[]): Promise<void> {
    await this.helm('upgrade', 'cortex', APP_CHART, '--wait', '--timeout', '120s', ...VALUES, ...values);
  }

  async helm(...args: string[]): Promise<string> {
    return await helm(...args, ...NAMESPACE, '--kubeconfig', this.kind.kubeconfigPath);
  }

  async kubectl(...args: string[]): Promise<string> {
    return await this.kind.kubectl(args);
  }

  async apply(yaml: string): Promise<void> {
    await this.kind.kubectl(['apply', '--server-side', '-f', '-'], { input: yaml });
  }

  /** One field of an object, as text. */
  async field(what: string, jsonpath: string): Promise<string> {
    return await this.kubectl('get', ...what.split(' '), '-o', `jsonpath=${jsonpath}`);
  }

  async end(): Promise<void> {
    await this.kind.stop();
    rmSync(this.folder, { recursive: true });
  }
}
