/** Pods of a Deployment that may run on one Node only, whatever claim or cordon is on it but ours. */
export const deploymentOn = (node: string, name: string, replicas = 1, spec = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: default}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      nodeSelector: {kubernetes.io/hostname: ${node}}
      tolerations: [{key: cortex.automation/job, operator: Exists}]
      containers: [{name: main, image: played-by-kwok}]
      terminationGracePeriodSeconds: 2
${spec}
`;

/** A pod that nobody brings back, on a Node that its scheduler need not choose. */
export const podOn = (node: string, name: string, container = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default}
spec:
  nodeName: ${node}
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: played-by-kwok
    ${container}
`;

/** A budget over the pods of a Deployment. */
export const budgetOver = (name: string, rule: string): string => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}, namespace: default}
spec:
  selector: {matchLabels: {app: ${name}}}
  ${rule}
`;

/** A volume that is attached to a Node, as far as the API server can tell: no driver plays a part. */
export const attachment = (volume: string, node: string): string => `
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: of-${volume}}
spec: {attacher: csi.example.com, nodeName: ${node}, source: {persistentVolumeName: ${volume}}}
`;

/** A worker that a person makes. */
export const workerOf = (name: string, spec = ''): string => `
apiVersion: cortex.automation/v1alpha1
kind: BurstWorker
metadata: {name: ${name}}
spec:
  pool: burst
${spec}
`;

/** A Node that was there before us, and stays. */
export const permanentNode = (name: string, labels = ''): string => `
apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: {kubernetes.io/hostname: ${name}, type: kwok${labels === '' ? '' : `, ${labels}`}}
  annotations: {kwok.x-k8s.io/node: fake}
spec: {}
status:
  allocatable: {cpu: "8", memory: 16Gi, pods: "110"}
  capacity: {cpu: "8", memory: 16Gi, pods: "110"}
`;

export const nodeDrain = (name: string, node: string, spec = ''): string => `
apiVersion: cortex.automation/v1alpha1
kind: NodeDrain
metadata: {name: ${name}}
spec:
  nodeName: ${node}
${spec}
`;
