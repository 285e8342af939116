import { expect, test } from 'vitest';
import type { DrainInput } from '../drain/input.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { type Complaint, drain, explained, leaving, told } from '../testing/complaints.ts';
import { aBudget, aPod } from '../testing/pods.ts';
import { aNode, aWorker, cordoned, holding as saying, registered } from '../testing/workers.ts';
import { at, deleting } from '../testing/world.ts';

const refusedByBudget: DrainInput['refused'] = new Map([
  [
    'uid-of-web-0',
    {
      until: at('10:30:20'),
      since: at('10:26:01'),
      reason: 'PodsBlocked',
      message: 'Cannot evict pod as it would violate the budget',
      budget: { key: 'team/web', version: '1' },
    },
  ],
]);

const NEVER = aBudget({ currentHealthy: 3, desiredHealthy: 3 });

/** What people complain of who drain and destroy machines, and the object that the answer names. */
const COMPLAINTS: readonly Complaint[] = [
  {
    title: '1: a drain is blocked forever by a PodDisruptionBudget, and the Node keeps costing',
    answer: () =>
      explained(
        told({
          worker: leaving(),
          node: cordoned(aNode()),
          cordoned: true,
          drain: drain({ budgets: [NEVER], refused: refusedByBudget }),
        }),
      ),
    names: [
      'PodDisruptionBudget team/web',
      'the owner of that PodDisruptionBudget must let it',
      'forced in 6m, at 2030-01-01T10:36:00Z',
    ],
  },
  {
    title: '2: a PodDisruptionBudget blocks although the machine is dead',
    answer: () => {
      const dead = {
        worker: leaving(),
        node: cordoned(aNode({ ready: false })),
        cordoned: true,
        vm: { state: 'stopped' },
      } as const;
      const plan = drain({ budgets: [NEVER], refused: refusedByBudget, machine: 'off' });
      return `${plan.actions.map(({ kind, pod }) => `${kind} ${pod.namespace}/${pod.name}`).join()}: ${explained(told({ ...dead, drain: plan }))}`;
    },
    names: [/^Delete team\/web-0: BurstWorker burst-1 has been Draining/, /^(?!.*PodDisruptionBudget)/],
  },
  {
    title: '3: pods that could be evicted are not, until the controller is restarted',
    answer: () => {
      const plan = drain({
        pods: [aPod({ name: 'db', annotations: { 'cortex.automation/do-not-evict': 'true' } }), aPod()],
      });
      const evicts = plan.actions.map(({ kind, pod }) => `${kind} ${pod.namespace}/${pod.name}`);
      return `${evicts.join()}: ${explained(told({ worker: leaving(), node: cordoned(aNode()), cordoned: true, drain: plan }))}`;
    },
    names: [/^Evict team\/web: /, 'it waits for Pod team/db for 4m (it asks not to be evicted)'],
  },
  {
    title: '4: a crash between making a machine and writing it down makes a second one',
    answer: () => {
      const begun = aWorker(
        {},
        {
          phase: 'Provisioning',
          vm: { id: 'vm-104', attempt: 1, createdAt: '2030-01-01T10:28:00Z' },
          conditions: saying('Admitted'),
        },
      );
      const checkpoint = {
        id: 'vm-104',
        uuid: begun.metadata.uid,
        attempt: 1,
        providerID: 'test://vm-104',
        createdAt: '2030-01-01T10:28:00Z',
      };
      const raised = told({ worker: begun, node: undefined, checkpoint, vm: { state: 'running' } });
      return `${raised.status?.vm?.id}: ${explained(raised)}`;
    },
    names: [/^vm-104: BurstWorker burst-1 has been Joining/, 'its Node is to join', 'the attempt is given up in 13m'],
  },
  {
    title: '5: the number of a machine was given to another one, which is taken for it',
    answer: () => explained(told({ conflict: 'Node burst-1 is machine 77, not BurstWorker burst-1' })),
    names: ['Node burst-1 is machine 77, not BurstWorker burst-1', 'a person must look at the machine and the Node'],
  },
  {
    title: '6: a machine that never joins is left behind, and costs',
    answer: () => {
      const late = aWorker(
        {},
        {
          phase: 'Joining',
          vm: { id: 'vm-1', attempt: 1, createdAt: '2030-01-01T10:00:00Z' },
          conditions: saying('Admitted', 'Launched'),
        },
      );
      return explained(told({ worker: late, node: undefined, vm: { state: 'running' } }));
    },
    names: [
      'No Ready Node within 15m (spec.provisioning.timeout of WorkerPool burst), attempt 1 of 3; what is left of it is removed',
      "look at the machine's console",
    ],
  },
  {
    title: '7: collection of garbage kills healthy workers',
    answer: () => {
      const silent = told({ node: aNode({ ready: false }), vm: { state: 'absent' } });
      const gone = silent.status?.conditions?.find(({ type }) => type === 'VmGone');
      return `${gone?.status} ${gone?.message}; ${explained(silent)}`;
    },
    names: [
      /^Unknown The provider does not know machine vm-1; it is asked once more/,
      'Node burst-1 is not Ready',
      'the kubelet of that Node must come back',
    ],
  },
  {
    title: '8: a Node is left behind when its machine was deleted early',
    answer: () =>
      explained(
        told(
          { worker: deleting(aWorker({}, registered({ phase: 'Terminating' })), '10:26:00'), vm: { state: 'unknown' } },
          new Waiting(5_000, 'ProviderError', 'Proxmox at pve.example: machine vm-1 is locked by a backup'),
        ),
      ),
    names: [
      'BurstWorker burst-1 has been',
      'machine vm-1 is locked by a backup',
      'somebody with access to the provider',
    ],
  },
  {
    title: '9: the wrong object is hit because a name was used again',
    answer: () =>
      explained(
        told({
          worker: aWorker({}, { phase: 'Provisioning', conditions: saying('Admitted') }),
          node: undefined,
          impostor: aNode({ systemUUID: 'another' }),
        }),
      ),
    names: [
      "Node burst-1 bears this worker's name but is another machine; rename or remove it, nothing of it is touched",
    ],
  },
  {
    title: '10: a finalizer is stuck, and no reason is shown',
    answer: () =>
      explained(
        told(
          { worker: deleting(aWorker({}, registered({ phase: 'Terminating' })), '10:26:00') },
          new Stalled('ProviderError', 'Proxmox at pve.example refuses: permission VM.Allocate is missing on /vms/1'),
        ),
      ),
    names: [
      'permission VM.Allocate is missing on /vms/1',
      'somebody with access to the provider must change what it refuses',
    ],
  },
  {
    title: '13: a restart forgets half-drained Nodes, and cordons of others are undone',
    answer: () => explained(told({ node: aNode({ spec: { unschedulable: true } }) })),
    names: ['Node burst-1 was cordoned; uncordon it to use it again', 'whoever cordoned that Node can uncordon it'],
  },
];

test.for(COMPLAINTS)('C9: complaint $title', ({ answer, names }) => {
  const said = answer();
  for (const name of names) expect(said).toMatch(name);
});
