import type { Reason } from '@cortex/crds';

/** Who can change what a reason says, and how. A reason that passes by itself says so; one that is no trouble has none. */
const ADVICE: Partial<Record<Reason, string>> = {
  WaitingForQuota: 'it is served by itself once those before it are',
  InsufficientWorkers: 'somebody must release workers of the pool, or its owner raise spec.limits',
  InsufficientCPU: 'somebody must release workers of the pool, or its owner raise spec.limits',
  InsufficientMemory: 'somebody must release workers of the pool, or its owner raise spec.limits',
  LimitReached: 'somebody must release workers of the pool, or its owner raise spec.limits',
  ExceedsMaxQuota: "the pool's owner must raise spec.limits, or a new Allocation ask for less",
  PoolNotFound: 'create that WorkerPool, or a new Allocation that names another',
  InvalidPool: "the pool's owner can open it to this request, or a new Allocation name another pool",
  InvalidSize: "the pool's owner can add that size, or a new Allocation name another",
  NameConflict: 'delete or rename the object that bears the name',
  Provisioning: 'the provider makes the machine by itself',
  Booting: 'the machine joins by itself',
  ProvisioningFailed: "look at the machine's console and at spec.bootstrap of the pool, then create it anew",
  ProviderNotBuilt: "the pool's owner must name a provider this build has",
  ProviderError: 'somebody with access to the provider must change what it refuses; it is tried again by itself',
  NodeNotReady: 'the kubelet of that Node must come back',
  NodeGone: 'its machine joins again by itself, or is removed, as spec.onNodeDeleted of the pool says',
  WorkerLost: 'it is replaced by itself',
  IdentityConflict: 'a person must look at the machine and the Node, and remove the one that does not belong',
  Protected: 'set spec.deletionProtection to false to let it go',
  TtlExpired: 'raising spec.ttl takes the end back until its machine is being removed',
  Draining: 'its pods leave by themselves',
  AlreadyDraining: 'it waits for the older NodeDrain; delete one of the two',
  PodsBlocked: 'whoever owns those pods can move them or loosen what protects them',
  PDBNeverAllows: 'the owner of that PodDisruptionBudget must let it allow a disruption',
  MultiplePDBs: 'only one PodDisruptionBudget may select a pod: delete one',
  ServerNotFound: 'create that McpServer, or label its workload so that it is adopted',
  ServersNotReady: 'those servers must come up',
  WorkloadNotFound: 'create that Deployment or StatefulSet, or correct spec.workloadRef',
  Superseded: 'delete the newer wish to bring this one back',
  NotBuilt: 'no build of this version does that',
  SpecInvalid: 'bring the CRDs and the operator to one version',
};

export const adviceFor = (reason: string): string | undefined => ADVICE[reason as Reason];
