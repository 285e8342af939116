import { workload } from '@cortex/e2e/system/servers';

/** A workload without replicas whose Service leads to an MCP server that runs here. */
export const stoppedServer = (name: string, address: string, port: number): string =>
  `${workload(name, { replicas: 0 })}---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: {ports: [{name: mcp, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: default, labels: {kubernetes.io/service-name: ${name}}}
addressType: ${address.includes(':') ? 'IPv6' : 'IPv4'}
endpoints: [{addresses: ["${address}"], conditions: {ready: true}}]
ports: [{name: mcp, port: ${port}}]
`;
