import { type Node, Nodes, Secrets } from '../../kube/core.ts';
import { bornNode } from '../../providers/kwok/node.ts';
import type { MemoryApiServer } from '../simulation/api-server.ts';
import type { Hypervisor } from './hypervisor.ts';

/** What a guest reads. It holds everything that must be seen nowhere else. */
export const SEED = `# for a guest of tests
NAME={{ name }}
TOKEN={{ token }}
PROVIDER_ID={{ providerID }}
LABELS={{ labelsMap }}
TAINTS={{ taints }}
KUBECONFIG={{ values.kubeconfig | b64 }}
PASSWORD=a-canary-rendered
`;

/** Every machine that runs and has a seed becomes a Node, if the token in it is one that the cluster takes now. */
export function join(world: Hypervisor, cluster: MemoryApiServer, now: Date): void {
  for (const { status, config } of world.machines.values()) {
    const volume = world.volumes.get(config['ide2']?.split(',')[0] ?? '');
    if (status !== 'running' || volume === undefined) continue;
    const text = volume.toString('utf8');
    const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    const name = value('NAME');
    if (cluster.peek(Nodes).some(({ metadata }) => metadata.name === name)) continue;
    if (!isTaken(cluster, value('TOKEN'), now)) throw new Error(`the token of ${name} opens nothing`);
    cluster.create(Nodes, nodeOf(name, value, config['smbios1']?.replace('uuid=', '') ?? ''));
  }
}

function isTaken(cluster: MemoryApiServer, token: string, now: Date): boolean {
  const [id, secret] = token.split('.');
  return (cluster.peek(Secrets) as unknown as { stringData?: Record<string, string> }[]).some(
    ({ stringData = {} }) =>
      stringData['token-id'] === id &&
      stringData['token-secret'] === secret &&
      Date.parse(stringData['expiration'] ?? '') > now.getTime(),
  );
}

function nodeOf(name: string, value: (key: string) => string, systemUUID: string): Node {
  const taints = (JSON.parse(value('TAINTS')) as string[]).map((each) => {
    const [, key = '', taint = '', effect = ''] = /^([^=]+)=([^:]*):(.+)$/.exec(each) ?? [];
    return { key, value: taint, effect: effect as 'NoSchedule' };
  });
  const born = bornNode(
    {
      clusterId: '',
      workerUid: systemUUID,
      name,
      pool: 'burst',
      size: { cpu: '4', memory: '8Gi' },
      labels: JSON.parse(value('LABELS')) as Record<string, string>,
      annotations: {},
      taints,
      bootDelayMs: 0,
    },
    { providerID: value('PROVIDER_ID') },
  );
  const status = { ...(born.status as Node['status']), conditions: [{ type: 'Ready', status: 'True' }] };
  return { ...born, status } as Node;
}
