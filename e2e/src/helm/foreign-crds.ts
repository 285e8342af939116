import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../control-plane/run.ts';

const MODULE = join(import.meta.dirname, '../../../hack/monitoring');
const UPSTREAM = 'github.com/prometheus-operator/prometheus-operator';
const KINDS = ['podmonitors', 'servicemonitors', 'prometheusrules'];

/** The CRDs of the kinds for Prometheus, as their project publishes them: from the Go module proxy, verified against go.sum. */
export async function monitoringCrds(): Promise<string[]> {
  const json = await run('go', ['mod', 'download', '-json', UPSTREAM], { cwd: MODULE });
  const { Dir: folder } = JSON.parse(json) as { Dir: string };
  return KINDS.map((kind) =>
    readFileSync(join(folder, 'example/prometheus-operator-crd', `monitoring.coreos.com_${kind}.yaml`), 'utf8'),
  );
}
