/** An MCP server that somebody runs, asleep, with its Service; the operator adopts it by its label. */
export const GREETER = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: greeter
  namespace: default
  labels: {app.kubernetes.io/component: mcp-server}
spec:
  replicas: 0
  selector: {matchLabels: {app: greeter}}
  template:
    metadata: {labels: {app: greeter}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: greeter
        image: cortex-e2e-mcp-server:e2e
        imagePullPolicy: Never
        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: greeter, namespace: default}
spec:
  selector: {app: greeter}
  ports: [{name: mcp, port: 80, targetPort: 8080}]
`;

export const allocationOf = (name: string, spec: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: Allocation
metadata: {name: ${name}, namespace: default}
spec: {${spec}}
`;

/** Two pods on different Nodes, and a budget that lets neither go. */
export const SHOP = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Honor, labelSelector: {matchLabels: {app: shop}}}
      containers:
      - name: shop
        image: cortex-e2e-mcp-server:e2e
        imagePullPolicy: Never
        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop, namespace: default}
spec: {minAvailable: 2, selector: {matchLabels: {app: shop}}}
`;

export const drainOf = (name: string, node: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: NodeDrain
metadata: {name: ${name}}
spec: {nodeName: ${node}, gracePeriod: 5s}
`;
