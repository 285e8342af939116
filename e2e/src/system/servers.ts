import { type Condition, type McpServer, McpServers, type McpServerScale, McpServerScales } from '@cortex/crds';
import type { Followed } from './cluster.ts';
import { Story } from './story.ts';
import { workloadOf, type WorkloadText } from './workloads.ts';

/** A story that has MCP servers in it: a Node for their pods, and an eye on servers and wishes. */
export interface ServerStory {
  readonly story: Story;
  readonly servers: Followed<McpServer>;
  readonly wishes: Followed<McpServerScale>;
}

export async function beginWithServers(options: Parameters<typeof Story.begin>[0] = {}): Promise<ServerStory> {
  const story = await Story.begin(options);
  return {
    story,
    servers: await story.cluster.follow<McpServer>(McpServers),
    wishes: await story.cluster.follow<McpServerScale>(McpServerScales),
  };
}

/** A Node with room for so many pods. KWOK plays its kubelet, unless it is dead: then nothing is scheduled to it, and nothing named to it ever starts. */
export const node = (name: string, { pods = 2000, dead = false } = {}): string => `
apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: {kubernetes.io/hostname: ${name}}
  annotations: {${dead ? '' : 'kwok.x-k8s.io/node: fake'}}
spec: {taints: [${dead ? '{key: dead, effect: NoSchedule}' : ''}]}
status:
  allocatable: &room {cpu: "64", memory: 256Gi, pods: "${pods}"}
  capacity: *room
`;

interface ServerText extends Pick<WorkloadText, 'kind' | 'replicas' | 'labels'> {
  /** Further lines of its pods' spec. */
  readonly pod?: string;
}

/** A workload with the label of MCP servers, as a person would write it. */
export const workload = (name: string, { kind, replicas, labels = '', pod = '' }: ServerText = {}): string =>
  workloadOf(
    name,
    `
terminationGracePeriodSeconds: 1
containers: [{name: server, image: registry.example/server:1}]
${pod}`,
    {
      replicas,
      labels: ['app.kubernetes.io/component: mcp-server', ...(labels === '' ? [] : [labels])].join(', '),
      ...(kind === 'StatefulSet' ? { kind, spec: `serviceName: ${name}\npodManagementPolicy: Parallel` } : {}),
    },
  );

/** A wish about a server; `more` are further fields of its spec. */
export const wish = (name: string, server: string, replicas: number, more = ''): string => `
apiVersion: cortex.automation/v1alpha1
kind: McpServerScale
metadata: {name: ${name}, namespace: default}
spec: {serverRef: {name: ${server}}, replicas: ${replicas}${more === '' ? '' : `, ${more}`}}
`;

interface Conditioned {
  readonly status?: { readonly conditions?: readonly Pick<Condition, 'type' | 'status' | 'reason'>[] | undefined };
}

/** The reason of a condition, where it has this status. */
export const reasonOf = ({ status }: Conditioned, type: string, is = 'True'): string | undefined =>
  status?.conditions?.find((each) => each.type === type && each.status === is)?.reason;

export const isReady = (object: Conditioned): boolean => reasonOf(object, 'Ready') !== undefined;
