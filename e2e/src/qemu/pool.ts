/** What a guest reads; its init knows no more than this. */
const SEED = (port: number): string => `NAME={{ name }}
HOST=10.0.2.2
PORT=${port}
TOKEN={{ token }}
LABELS={{ labelsMap }}
TAINTS={{ taintsCSV }}
PROVIDER_ID={{ providerID }}
`;

/**
 * A pool of real virtual machines that join through this port, and what they may do: with their bootstrap token only ask for
 * one of their own, as with a kubelet and its certificate.
 */
export const qemuPool = (port: number, spec = ''): string => `
apiVersion: v1
kind: Secret
metadata: {name: guest-seed, namespace: cortex-system}
stringData:
  user-data: ${JSON.stringify(SEED(port))}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: guest, namespace: kube-node-lease}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: guest-joins, namespace: kube-node-lease}
rules:
- {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [guest], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: guest-joins, namespace: kube-node-lease}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: guest-joins}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:bootstrappers:kubeadm:default-node-token"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: guest-kubelet}
rules:
- {apiGroups: [""], resources: [nodes], verbs: [create, get]}
- {apiGroups: [""], resources: [nodes/status], verbs: [patch]}
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: guest-kubelet}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: guest-kubelet}
subjects: [{kind: ServiceAccount, name: guest, namespace: kube-node-lease}]
---
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: vms}
spec:
  class: Burst
  default: true
  provider: {type: Qemu}
  sizes:
  - {name: tiny, cpu: "1", memory: 128Mi, disk: 1Gi}
  defaultSize: tiny
  limits: {workers: 4}
  drain: {timeout: 60s}
  bootstrap:
    format: Raw
    userDataSecretRef: {name: guest-seed}
    joinToken: {mode: Kubeadm, ttl: 30m}
${spec}
`;
