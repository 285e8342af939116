import type { Node } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';
import type { Checkpoint, VmRequest } from '../provider.ts';

/** The Node of a machine that KWOK plays, as a kubelet would register it: with its labels, taints and machine id. */
export function bornNode(request: VmRequest, checkpoint: Checkpoint): Draft<Node> {
  const { cpu, memory, disk = '50Gi' } = request.size;
  const resources = { cpu, memory, 'ephemeral-storage': disk, pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: request.name,
      labels: {
        'kubernetes.io/hostname': request.name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        type: 'kwok',
        ...request.labels,
      },
      annotations: { 'kwok.x-k8s.io/node': 'fake', ...request.annotations },
    },
    spec: {
      ...(checkpoint.providerID === undefined ? {} : { providerID: checkpoint.providerID }),
      taints: [...request.taints],
    },
    status: { capacity: resources, allocatable: resources, nodeInfo: nodeInfo(request.workerUid) },
  };
}

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
