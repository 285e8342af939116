import type { ControlPlane } from '../control-plane/control-plane.ts';

/** What its kubelet and its owner say of a Node. */
export interface Made {
  readonly machine?: string;
  readonly mark?: string;
  readonly labels?: Record<string, string>;
}

/** A Node as its kubelet and its owner made it. */
export async function joinedNode(
  plane: ControlPlane,
  name: string,
  { machine = '', mark, labels = {} }: Made,
): Promise<void> {
  const nodeInfo = {
    architecture: '',
    bootID: '',
    containerRuntimeVersion: '',
    kernelVersion: '',
    kubeProxyVersion: '',
  };
  const versions = { kubeletVersion: '', machineID: '', operatingSystem: '', osImage: '', systemUUID: machine };
  const annotations = mark === undefined ? {} : { 'cortex.automation/worker-uid': mark };
  const object = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    status: { nodeInfo: { ...nodeInfo, ...versions } },
  };
  await plane.kubectl(['create', '-f', '-'], { input: JSON.stringify(object) });
}
