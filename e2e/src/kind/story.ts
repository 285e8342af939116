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

  /** Calls a tool of the facade, from within its pod, since nobody else is let in without a token. */
  async callFacade(tool: string, args: object): Promise<{ readonly endpoints: readonly string[] }> {
    const { structuredContent } = await this.#post(
      'facade',
      'http://127.0.0.1:3000/mcp',
      'application/json',
      tool,
      args,
    );
    return structuredContent as { endpoints: readonly string[] };
  }

  /** Calls a tool of an MCP server as a client in the cluster does: from the operator's pod, which may reach all of them. */
  async callMcp(url: string, tool: string): Promise<Record<string, unknown>> {
    return await this.#post('operator', url, 'application/json, text/event-stream', tool, {});
  }

  async #post(
    from: 'operator' | 'facade',
    url: string,
    accept: string,
    name: string,
    args: object,
  ): Promise<Record<string, unknown>> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });
    const headers = { 'content-type': 'application/json', accept };
    const init = JSON.stringify({ method: 'POST', headers, body });
    const script = `process.stdout.write(await (await fetch(${JSON.stringify(url)}, ${init})).text())`;
    const node = ['node', '--input-type=module', '--eval', script];
    const said = await this.kubectl('exec', `deployment/cortex-${from}`, '--namespace', 'cortex-system', '--', ...node);
    const { result } = JSON.parse(said) as { result?: Record<string, unknown> };
    if (result === undefined) throw new Error(`${url} answers ${name} with ${said}`);
    return result;
  }

  async end(): Promise<void> {
    await this.kind.stop();
    rmSync(this.folder, { recursive: true });
  }
}
