import { budgetOver, workloadOf } from '../system/workloads.ts';

/** The spec of pods that run the MCP server of these tests, whose image is on every Node. */
const POD = `
terminationGracePeriodSeconds: 1
containers:
- name: main
  image: cortex-e2e-mcp-server:e2e
  imagePullPolicy: Never
  readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}`;

/** An MCP server that somebody runs, asleep, with its Service; the operator adopts it by its label. */
export const GREETER = `${workloadOf('greeter', POD, { replicas: 0, labels: 'app.kubernetes.io/component: mcp-server' })}---
apiVersion: v1
kind: Service
metadata: {name: greeter, namespace: default}
spec:
  selector: {app: greeter}
  ports: [{name: mcp, port: 80, targetPort: 8080}]
`;

const SPREAD = `
topologySpreadConstraints:
- {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Honor, labelSelector: {matchLabels: {app: shop}}}`;

/** Two pods on different Nodes, and a budget that lets neither go. */
export const SHOP = `${workloadOf('shop', POD + SPREAD, { replicas: 2 })}---${budgetOver('shop', 'minAvailable: 2')}`;
