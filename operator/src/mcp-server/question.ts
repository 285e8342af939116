import { ANNOTATION, type McpServer } from '@cortex/crds';
import type { Service, Workload } from '../kube/apps.ts';
import { mcpPort } from './service.ts';
import type { Question, Verdict } from './verdict.ts';

/** Where to ask; a verdict where there is nobody to ask; undefined where nothing is to be asked. */
export function questionFor(
  { metadata, spec }: McpServer,
  workload: Workload,
  service: Service | undefined,
): { readonly ask: Question } | { readonly known: Verdict } | undefined {
  const { type, path } = spec.probe;
  if (type === 'None') return undefined;
  if (service === undefined) return { known: { state: 'Unreachable', why: missing(spec) } };
  // It has no endpoints here, and following names anywhere would make the operator a stranger's messenger.
  if (service.spec.type === 'ExternalName')
    return {
      known: {
        state: 'Unreachable',
        why: `Service ${service.metadata.name} is a name elsewhere (ExternalName), which is not asked`,
      },
    };
  const said = (key: string): string | undefined =>
    workload.metadata.annotations?.[key] ?? service.metadata.annotations?.[key];
  const choice = mcpPort(service, said(ANNOTATION.mcpPort));
  if ('unclear' in choice) return { known: { state: 'Unreachable', why: choice.unclear } };
  const { port } = choice;
  return {
    ask: {
      type,
      namespace: metadata.namespace ?? '',
      service: service.metadata.name,
      port:
        typeof port === 'number'
          ? { name: undefined, number: port, direct: true }
          : { name: port.name, number: port.port, direct: false },
      path: said(ANNOTATION.mcpPath) ?? path,
    },
  };
}

const missing = ({ service, workloadRef }: McpServer['spec']): string =>
  service === undefined
    ? `no Service is named ${workloadRef.name} or selects its pods: create one, or name it in spec.service`
    : `there is no Service ${service}, which spec.service names`;
