import type { Node } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';
import type { Checkpoint, VmRequest } from '../provider.ts';

/** What makes KWOK play the kubelet of a Node. */
const PLAYED = { 'kwok.x-k8s.io/node': 'fake' };
const DISK = '50Gi';

/** The Node of a machine that KWOK plays, as a kubelet would register it: with its labels, taints and machine id. */
export function bornNode(request: VmRequest, { providerID }: Checkpoint): Draft<Node> {
  const { cpu, memory, disk = DISK } = request.size;
  const resources = { cpu, memory, 'ephemeral-storage': disk, pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: request.name,
      labels: { ...request.labels, ...kubeletLabels(request.name) },
      annotations: { ...request.annotations, ...PLAYED },
    },
    spec: { ...(providerID === undefined ? {} : { providerID }), taints: [...request.taints] },
    status: { capacity: resources, allocatable: resources, nodeInfo: nodeInfo(request.workerUid) },
  };
}

/** Those of a kubelet, and the older two that the controller manager would add a moment later. */
const kubeletLabels = (name: string) => ({
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'beta.kubernetes.io/arch': 'amd64',
  type: 'kwok',
});

/** The API server wants every field; the machine id is the worker's UID. */
const nodeInfo = (systemUUID: string) => ({
  architecture: 'amd64',
  bootID: '',
  containerRuntimeVersion: 'kwok',
  kernelVersion: 'kwok',
  kubeProxyVersion: 'kwok',
  kubeletVersion: 'kwok',
  machineID: systemUUID.replaceAll('-', ''),
  operatingSystem: 'linux',
  osImage: 'kwok',
  systemUUID,
});

/** Whether this Node is the machine of the worker with this UID. */
export const isMachineOf = ({ status }: Node, workerUid: string): boolean =>
  status?.nodeInfo?.systemUUID?.toLowerCase() === workerUid.toLowerCase();
