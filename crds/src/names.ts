export const GROUP = 'cortex.automation';
export const VERSION = 'v1alpha1';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Under this name the operator's writes appear in managedFields. */
export const FIELD_MANAGER = 'cortex-operator';

/** On a BurstWorker while a machine of it may exist. */
export const VM_FINALIZER = `${GROUP}/vm`;
/** On a WorkerPool from before its first worker until its last is gone. */
export const WORKERS_FINALIZER = `${GROUP}/workers`;
/** On a NodeDrain while it holds a cordon. */
export const CORDON_FINALIZER = `${GROUP}/cordon`;

export const LABEL = {
  pool: `${GROUP}/pool`,
  size: `${GROUP}/size`,
  /** Label and taint of a worker's Node: whose job it serves; empty while it is free. */
  job: `${GROUP}/job`,
  /** The name of the worker whose machine a Node was born as: to find it by, and no proof of anything. */
  worker: `${GROUP}/worker`,
  ephemeral: `${GROUP}/ephemeral`,
  adopted: `${GROUP}/adopted`,
  /** On a wish that a waker keeps while calls are in flight: the proof that calls are reported for the server. */
  waker: `${GROUP}/waker`,
  /** The predecessor's mark; it never gives authority. */
  workerType: 'worker-type',
} as const;

export const ANNOTATION = {
  workerUid: `${GROUP}/worker-uid`,
  whenInsufficient: `${GROUP}/when-insufficient`,
  /** On a WorkerPool: until when, at most an hour ahead, removals that nobody named are allowed (RFC 3339). */
  allowRemovalsUntil: `${GROUP}/allow-removals-until`,
  /** On a workload or its Service: the port, by name or number, and the path where its MCP server answers. */
  mcpPort: `${GROUP}/mcp-port`,
  mcpPath: `${GROUP}/mcp-path`,
  /** On an adopted McpServer: which labels of its workload were copied last. */
  copiedLabels: `${GROUP}/copied-labels`,
  /** On what was made in a trace: where in it (W3C Trace Context). */
  traceparent: `${GROUP}/traceparent`,
  workerTtl: 'worker-ttl',
  provisionedBy: 'provisioned-by',
} as const;

export const TAINT = {
  job: `${GROUP}/job`,
  draining: `${GROUP}/draining`,
} as const;
