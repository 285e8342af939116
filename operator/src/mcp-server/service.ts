import { ANNOTATION, type McpServer } from '@cortex/crds';
import type { Service, ServicePort, Workload } from '../kube/apps.ts';

/** The Service in front of a server: the one it names, else the one of its workload's name, else one that selects its pods. */
export function serviceFor(
  { spec }: McpServer,
  workload: Workload | undefined,
  inNamespace: () => readonly Service[],
  named: (name: string) => Service | undefined,
): Service | undefined {
  if (spec.service !== undefined) return named(spec.service);
  const namesake = named(spec.workloadRef.name);
  if (namesake !== undefined || workload === undefined) return namesake;
  return inNamespace()
    .filter((service) => selects(service, workload))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}

/** A Service without a selector selects nothing. */
function selects({ spec }: Service, { spec: { template } }: Workload): boolean {
  const wanted = Object.entries(spec.selector ?? {});
  const labels = template.metadata?.labels ?? {};
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Where a Service answers, as a client would write it. */
export function endpointsOf({ metadata, spec, status }: Service, workload: Workload | undefined): string[] {
  const ports = tcp(spec.ports);
  const at = (hosts: readonly string[]) =>
    hosts.flatMap((host) => ports.map(({ port }) => `http://${bracketed(host)}:${port}`)).slice(0, MOST);
  switch (spec.type ?? 'ClusterIP') {
    case 'ExternalName':
      return [spec.externalName ?? ''];
    case 'NodePort':
      return ports.map(({ nodePort }) => `nodePort://*:${nodePort ?? ''}`);
    case 'LoadBalancer':
      return at((status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []));
    case 'ClusterIP': {
      const domain = `${metadata.name}.${metadata.namespace ?? ''}.svc`;
      if (spec.clusterIP !== 'None') return at(spec.clusterIP === undefined ? [] : [spec.clusterIP]);
      return at(podNames(workload).map((pod) => (pod === '' ? domain : `${pod}.${domain}`)));
    }
  }
}

const MOST = 16;

/** Pods of a StatefulSet have names of their own in DNS; those of a Deployment share the name of the Service. */
const podNames = (workload: Workload | undefined): string[] =>
  workload?.kind === 'StatefulSet'
    ? Array.from({ length: workload.status?.replicas ?? 0 }, (_, i) => `${workload.metadata.name}-${i}`)
    : [''];

export type PortChoice = { readonly port: ServicePort | number } | { readonly unclear: string };

/** The port where MCP is spoken: the annotated one, else the one named mcp or http, else the only one. */
export function mcpPort(service: Service, annotated: string | undefined): PortChoice {
  const ports = tcp(service.spec.ports);
  if (annotated !== undefined) {
    const port = ports.find(({ name, port: number }) => name === annotated || String(number) === annotated);
    if (port !== undefined) return { port };
    const number = Number(annotated);
    return Number.isInteger(number) && number > 0 && number < 65_536
      ? { port: number }
      : {
          unclear: `annotation ${ANNOTATION.mcpPort} says ${annotated}, which is no port of Service ${service.metadata.name}`,
        };
  }
  const named = ['mcp', 'http'].flatMap((name) => ports.find((port) => port.name === name) ?? [])[0];
  const port = named ?? (ports.length === 1 ? ports[0] : undefined);
  return port === undefined
    ? {
        unclear: `Service ${service.metadata.name} has ${ports.length} ports, none named mcp or http: name one, or set annotation ${ANNOTATION.mcpPort}`,
      }
    : { port };
}

const tcp = (ports: readonly ServicePort[] = []): ServicePort[] =>
  ports.filter(({ protocol }) => protocol === undefined || protocol === 'TCP');

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
