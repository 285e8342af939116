import { stringify } from 'yaml';
import type { Ports } from './ports.ts';

/**
 * The configuration of kwokctl and kwok, as YAML documents. Everything listens on the loopback interface only.
 *
 * @param parallelism nodes and pods that KWOK advances at once; its own default, 4, bounds pods/s at 4 / API latency
 */
export function kwokConfig(ports: Ports, parallelism: number | undefined): string {
  const documents = [document('KwokctlConfiguration', { bindAddress: '127.0.0.1', ...ports })];
  if (parallelism !== undefined) {
    documents.push(
      document('KwokConfiguration', {
        nodePlayStageParallelism: parallelism,
        podPlayStageParallelism: parallelism,
      }),
    );
  }
  return documents.map((part) => stringify(part)).join('---\n');
}

function document(kind: string, options: object): object {
  return { apiVersion: 'config.kwok.x-k8s.io/v1alpha1', kind, options };
}
