export interface WorkloadText {
  readonly kind?: 'Deployment' | 'StatefulSet';
  readonly replicas?: number | undefined;
  /** Labels of the workload itself, as in `team: a, tier: tools`. */
  readonly labels?: string;
  /** Further lines of its spec. */
  readonly spec?: string;
}

/** A workload as a person would write it; `pod` are the lines of its pods' spec. Its pods are found by `app` and its name. */
export const workloadOf = (
  name: string,
  pod: string,
  { kind = 'Deployment', replicas = 1, labels = '', spec = '' }: WorkloadText = {},
): string => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: default, labels: {${labels}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${indented(pod, 6)}
${indented(spec, 2)}
`;

const indented = (lines: string, by: number): string => lines.trim().replaceAll(/^/gm, ' '.repeat(by));

/** Pods of a Deployment that may run on one Node only, whatever claim or cordon is on it but ours. */
export const deploymentOn = (node: string, name: string, replicas = 1, spec = ''): string =>
  workloadOf(
    name,
    `
nodeSelector: {kubernetes.io/hostname: ${node}}
tolerations: [{key: cortex.automation/job, operator: Exists}]
containers: [{name: main, image: played-by-kwok}]
terminationGracePeriodSeconds: 2`,
    { replicas, spec },
  );

/** Pods of a job, on its own workers. */
export const jobPods = (job: string, replicas: number): string =>
  workloadOf(
    job,
    `
nodeSelector: {cortex.automation/job: default.${job}}
tolerations: [{key: cortex.automation/job, operator: Equal, value: default.${job}, effect: NoSchedule}]
containers: [{name: work, image: played-by-kwok}]`,
    { replicas },
  );

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
