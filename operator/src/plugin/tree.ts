import type { Allocation, BurstWorker } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { age } from '../explain/age.ts';
import { workersOf } from '../explain/world.ts';
import { keyOf } from '../kube/object.ts';
import type { Snapshot } from './cluster.ts';
import type { Page } from './page.ts';

/** One thing, and what hangs on it. */
interface Branch {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly children: readonly Branch[];
}

/** An Allocation with everything that stands for it: workers, Nodes and pods; wishes and servers. */
export function tree(allocation: Allocation, seen: Snapshot): Page {
  const { status, spec } = allocation;
  const end = status?.expiresAt === undefined ? '' : `, until ${status.expiresAt}`;
  const root: Branch = {
    kind: 'Allocation',
    name: keyOf(allocation),
    state: `${status?.phase ?? 'unseen'}, workers ${status?.workersReady ?? `0/${spec.workers?.count ?? 0}`}${end}`,
    children: [...workersOf(seen, allocation).map((worker) => ofWorker(worker, seen)), ...serversOf(allocation, seen)],
  };
  return { data: root, sections: [{ lines: drawn(root) }] };
}

function ofWorker(worker: BurstWorker, { pods, now }: Snapshot): Branch {
  const { status, metadata, spec } = worker;
  const node = status?.nodeName;
  const made = age(now.getTime() - Date.parse(metadata.creationTimestamp));
  const here = pods.filter((pod) => pod.spec.nodeName === node);
  const ofNode: Branch[] =
    node === undefined
      ? []
      : [
          {
            kind: 'Node',
            name: node,
            state: status?.node?.unschedulable === true ? 'cordoned' : 'takes pods',
            children: here.map((pod) => leaf('Pod', keyOf(pod), pod.status?.phase ?? 'Pending')),
          },
        ];
  const state = `${status?.phase ?? 'Requested'}, pool ${spec.pool}, ${spec.size ?? 'default size'}, ${made} old`;
  return { kind: 'BurstWorker', name: metadata.name, state, children: ofNode };
}

function serversOf(allocation: Allocation, { servers, wishes }: Snapshot): Branch[] {
  return (allocation.spec.mcpServers ?? []).map((name) => {
    const key = `${allocation.metadata.namespace ?? ''}/${name}`;
    const server = servers.find((each) => keyOf(each) === key);
    const wish = wishes.find(
      ({ metadata, spec }) =>
        spec.serverRef.name === name && metadata.ownerReferences?.some(({ uid }) => uid === allocation.metadata.uid),
    );
    const of = server?.status;
    const where = of?.endpoints?.[0] === undefined ? '' : ` at ${of.endpoints[0]}`;
    const why = conditionOf(of?.conditions, 'Ready')?.message ?? '';
    const state = server === undefined ? 'there is none' : `${of?.phase ?? 'unseen'}${where}${why && `: ${why}`}`;
    const asked = wish && leaf('McpServerScale', keyOf(wish), `${wish.spec.policy} ${wish.spec.replicas}`);
    return { kind: 'McpServer', name: key, state, children: asked === undefined ? [] : [asked] };
  });
}

const leaf = (kind: string, name: string, state: string): Branch => ({ kind, name, state, children: [] });

function drawn(branch: Branch, first = '', rest = ''): string[] {
  const { kind, name, state, children } = branch;
  const last = children.length - 1;
  return [
    `${first}${kind} ${name}  ${state}`,
    ...children.flatMap((child, i) =>
      drawn(child, `${rest}${i === last ? '└─ ' : '├─ '}`, `${rest}${i === last ? '   ' : '│  '}`),
    ),
  ];
}
