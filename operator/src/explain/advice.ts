import type { Reason } from '@cortex/crds';

/** Who can change what a reason says. Waiting for what comes by itself is no trouble; what asks for a person is. */
interface Advice {
  readonly who: string;
  readonly asksForAPerson: boolean;
}

/** It passes by itself, as this says. */
const byItself = (who: string): Advice => ({ who, asksForAPerson: false });
/** It stays until somebody does this. */
const person = (who: string): Advice => ({ who, asksForAPerson: true });

const ROOM = byItself('somebody must release workers of the pool, or its owner raise spec.limits');
const BLOCKED = byItself('whoever owns those pods can move them or loosen what protects them');

/** Closed like the table of reasons: a new reason says here who can change it, or null where nobody has to. */
const ADVICE: Readonly<Record<Reason, Advice | null>> = {
  // capacity
  WaitingForQuota: byItself('it is served by itself once those before it are'),
  InsufficientWorkers: ROOM,
  InsufficientCPU: ROOM,
  InsufficientMemory: ROOM,
  ExceedsMaxQuota: person("the pool's owner must raise spec.limits, or a new Allocation ask for less"),
  LimitReached: ROOM,
  Available: null,
  Reserved: null,
  Admitted: null,
  QueueTimeout: person('create it anew, with a longer spec.queueTimeout if it may wait longer'),
  Preempting: byItself('what comes back is its own; it is served by itself'),
  Preempted: person('create it anew to queue again'),
  PoolNotFound: person('create that WorkerPool, or a new Allocation that names another'),
  InvalidPool: person("the pool's owner can open it to this request, or a new Allocation name another pool"),
  InvalidSize: person("the pool's owner can add that size, or a new Allocation name another"),
  NameConflict: person('delete or rename the object that bears the name'),
  // workers
  Provisioning: byItself('the provider makes the machine by itself'),
  ProvisioningFailed: person("look at the machine's console and at spec.bootstrap of the pool, then create it anew"),
  ProviderNotBuilt: person("the pool's owner must name a provider this build has"),
  ProviderError: person(
    'somebody with access to the provider must change what it refuses; it is tried again by itself',
  ),
  Reachable: null,
  Unreachable: byItself('its endpoint must answer again; meanwhile none of its machines is removed'),
  PreflightFailed: person('somebody with access to the provider must put there what is missing'),
  PrivilegeMissing: person(
    'somebody with access to the provider must grant that privilege, to the user and to the token',
  ),
  TokenRefused: person('somebody must put a token into that Secret that the provider takes'),
  SecretMissing: person('somebody must create that Secret, or add the key'),
  Untrusted: person("the pool's owner must name the authority or the fingerprint of the certificate"),
  TemplateMissing: person("somebody must make that template, or the pool's owner name another"),
  TemplateInvalid: person('somebody must correct that Secret, or the values it takes'),
  ImageMissing: person("somebody must put that image there, or the pool's owner name another"),
  ImpossibleSize: person("the pool's owner must change that size"),
  EnoughMachines: person("somebody must remove machines, or the pool's owner raise maxMachines"),
  VmCreated: null,
  VmRemoved: null,
  NodeJoined: null,
  NodeReady: null,
  NodeNotReady: person('the kubelet of that Node must come back'),
  NodeGone: person('its machine joins again by itself, or is removed, as spec.onNodeDeleted of the pool says'),
  NodeCordoned: person('whoever cordoned that Node can uncordon it'),
  MachineLost: person('look at the provider: somebody or something else removed the machine'),
  MachineLeaked: person('look at what the message names, and remove it where it is not to be kept'),
  NothingLeaked: null,
  TooManyRemovals: person(
    'find out why so many are missing; then set annotation cortex.automation/allow-removals-until of the pool',
  ),
  FewRemovals: null,
  RemovalsAllowed: null,
  Claimed: null,
  WorkerLost: byItself('it is replaced by itself'),
  IdentityConflict: person('a person must look at the machine and the Node, and remove the one that does not belong'),
  IdentityClear: null,
  Protected: person('set spec.deletionProtection to false to let it go'),
  // time and end
  TtlExpired: byItself('raising spec.ttl takes the end back until its machine is being removed'),
  MaxLifetimeReached: byItself('nothing extends it; a new Allocation may take its place'),
  Extended: null,
  Released: null,
  Returning: byItself('its Node is emptied by itself'),
  ReleasedByUser: null,
  PoolDeleted: byItself('its pool is being deleted, and it with it'),
  HandedOver: null,
  PredecessorGone: null,
  AlreadyHandedOver: person('name the Allocation that holds it now in spec.takesOver of a new one, or none'),
  // drain
  Draining: byItself('its pods leave by themselves'),
  Drained: null,
  NodeDrain: byItself('deleting that NodeDrain uncordons it'),
  NodeNotFound: person('correct spec.nodeName under a new name'),
  LastControlPlane: person('let another Node of the control plane take pods first'),
  Frozen: byItself('it goes on by itself once the operator can trust what it sees'),
  AlreadyDraining: person('it waits for the older NodeDrain; delete one of the two'),
  PodsBlocked: BLOCKED,
  PDBNeverAllows: person('the owner of that PodDisruptionBudget must let it allow a disruption'),
  VolumesAttached: byItself('whatever attached those volumes detaches them by itself, or their time is over'),
  VolumesDetached: null,
  VolumeDetachTimeout: person('look at the driver of those volumes, which did not detach them'),
  MultiplePDBs: person('only one PodDisruptionBudget may select a pod: delete one'),
  // servers
  ServerNotFound: person('create that McpServer, or label its workload so that it is adopted'),
  ServersNotReady: byItself('those servers must come up'),
  Running: null,
  Stopped: null,
  Scaling: byItself('its pods come and go by themselves'),
  Pending: byItself('the scheduler finds its pods a Node by itself, if there is one with room'),
  WorkloadNotFound: person('create that Deployment or StatefulSet, or correct spec.workloadRef'),
  WorkloadTaken: person('delete one of the two McpServers'),
  Adopted: null,
  NameTooLong: person('give it a shorter name, or write an McpServer whose spec.workloadRef names it'),
  HandshakeUnknown: null,
  HandshakeFailed: person('look at the logs of its pods, and at spec.probe'),
  NotMcp: person('correct spec.probe: the path, or the port by annotation cortex.automation/mcp-port'),
  NoEndpoints: person('look at the selector of its Service, and at the readiness of its pods'),
  Forbidden: person('grant the ServiceAccount of the operator that right'),
  ScaleConflict: person('let one of the two set the replicas, as the message says'),
  AutoscalerPresent: person('delete that HorizontalPodAutoscaler, or wish nothing'),
  NoUsageSignal: null,
  InUse: null,
  RecentlyUsed: null,
  Idle: null,
  Accepted: null,
  Applied: null,
  Superseded: byItself('deleting the newer wish brings this one back'),
  Clamped: byItself('the bounds are in spec.replicas of the McpServer'),
  Lapsed: byItself('a new wish, or a longer spec.ttl, counts again'),
  // general
  Ready: null,
};

export const adviceFor = (reason: string): string | undefined => ADVICE[reason as Reason]?.who;

/** Whether a person should hear of it. */
export const asksForAPerson = (reason: string): boolean => ADVICE[reason as Reason]?.asksForAPerson ?? false;
