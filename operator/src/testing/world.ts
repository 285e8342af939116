import {
  type Allocation,
  AllocationSpec,
  type AllocationStatus,
  API_VERSION,
  type BurstWorker,
  BurstWorkerSpec,
  type McpServer,
  McpServerSpec,
  type ObjectMeta,
  type Reason,
  type WorkerPool,
  WorkerPoolSpec,
} from '@cortex/crds';
import { type Claim, timestamp, withConditions } from '../conditions.ts';

/** A moment of the day on which the tests take place. */
export const at = (time: string): Date => new Date(`2030-01-01T${time}Z`);

const MORNING = '10:00:00';

interface Born {
  /** When it was created; 10:00:00 unless said. */
  readonly at?: string;
}

/** A pool that offers the sizes small (2 CPU, 4Gi), medium (4, 8Gi) and large (8, 16Gi); what is not said is the API server's default. */
export const pool = (
  name: string,
  { at: born, ...spec }: Born & { readonly [field: string]: unknown } = {},
): WorkerPool => ({
  apiVersion: API_VERSION,
  kind: 'WorkerPool',
  metadata: meta(name, born),
  spec: WorkerPoolSpec.parse({ class: 'Burst', default: true, provider: { type: 'Kwok' }, ...spec }),
});

interface Asked extends Born {
  readonly count?: number;
  readonly size?: string;
  readonly pool?: string;
  readonly namespace?: string;
  readonly [field: string]: unknown;
}

/** An Allocation of one worker in namespace team, as its creator wrote it; further names are fields of its spec. */
export const allocation = (
  name: string,
  { at: born, count = 1, size, pool: from, namespace = 'team', ...spec }: Asked = {},
): Allocation => ({
  apiVersion: API_VERSION,
  kind: 'Allocation',
  metadata: { ...meta(name, born), namespace },
  spec: AllocationSpec.parse({
    ...(count === 0
      ? {}
      : { workers: { count, ...(size === undefined ? {} : { size }), ...(from === undefined ? {} : { pool: from }) } }),
    ...spec,
  }),
});

/** An McpServer in namespace team that runs. */
export const server = (name: string, phase: NonNullable<McpServer['status']>['phase'] = 'Running'): McpServer => ({
  apiVersion: API_VERSION,
  kind: 'McpServer',
  metadata: { ...meta(name), namespace: 'team' },
  spec: McpServerSpec.parse({ workloadRef: { kind: 'Deployment', name } }),
  status: { phase, endpoints: [`http://${name}:80`] },
});

interface Made extends Born {
  readonly size?: string;
  readonly pool?: string;
  /** The Allocation that claims it. */
  readonly claimedBy?: Allocation;
  readonly [field: string]: unknown;
}

/** A BurstWorker that was just created: a person's own, unless somebody claims it. */
export const worker = (
  name: string,
  { at: born, size = 'small', pool: of = 'burst', claimedBy, ...spec }: Made = {},
): BurstWorker => ({
  apiVersion: API_VERSION,
  kind: 'BurstWorker',
  metadata: meta(name, born),
  spec: BurstWorkerSpec.parse({
    pool: of,
    size,
    ...(claimedBy === undefined ? {} : { claimRef: claimBy(claimedBy) }),
    ...spec,
  }),
});

const claimBy = ({ metadata, spec }: Allocation) => ({
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
  jobId: spec.jobId ?? metadata.name,
  reclaimPolicy: spec.reclaimPolicy,
});

const SIZES: Readonly<Record<string, { cpu: string; memory: string }>> = {
  small: { cpu: '2', memory: '4Gi' },
  medium: { cpu: '4', memory: '8Gi' },
  large: { cpu: '8', memory: '16Gi' },
};

/** The worker once its slot was given to it. */
export const admitted = (made: BurstWorker): BurstWorker =>
  says(
    {
      ...made,
      status: { ...made.status, phase: 'Provisioning', resources: SIZES[made.spec.size ?? 'small'] ?? absurd() },
    },
    'Admitted',
    true,
    'Admitted',
  );

/** The worker with its Node. */
export const running = (made: BurstWorker, more: Partial<BurstWorker['status'] & object> = {}): BurstWorker =>
  says(
    {
      ...admitted(made),
      status: { ...admitted(made).status, phase: 'Ready', nodeName: made.metadata.name, ...more },
    },
    'Ready',
    true,
    'Ready',
  );

/** A warm worker: running, free, and there for whoever asks. */
export const warm = (name: string, made: Made = {}, more: Partial<BurstWorker['status'] & object> = {}): BurstWorker =>
  running(worker(name, { claimable: true, ...made }), more);

/** The Allocation with its reservation of small workers written, resting on workers of these names. */
export function reserving(
  asked: Allocation,
  names: readonly string[],
  more: Partial<AllocationStatus> = {},
): Allocation {
  const { cpu, memory } = SIZES['small'] ?? absurd();
  const written: AllocationStatus = {
    phase: 'Pending',
    admittedAt: timestamp(at(MORNING)),
    reserved: {
      pool: asked.spec.workers?.pool ?? 'burst',
      size: 'small',
      workers: names.length,
      cpu: String(2 * names.length),
      memory: `${4 * names.length}Gi`,
    },
    workers: names.map((name) => ({ name, phase: 'Requested', cpu, memory })),
    ...more,
  };
  return says({ ...asked, status: { ...asked.status, ...written } }, 'QuotaReserved', true, 'Reserved');
}

/** The worker on its way out, by somebody's DELETE. */
export const deleting = <T extends { metadata: ObjectMeta }>(object: T, time = MORNING): T => ({
  ...object,
  metadata: { ...object.metadata, deletionTimestamp: timestamp(at(time)) },
});

/** The object with one more word of its own. */
export function says<T extends Allocation | BurstWorker | WorkerPool>(
  object: T,
  type: Claim['type'],
  status: boolean,
  reason: Reason,
  message = '',
): T {
  const { generation = 1 } = object.metadata;
  const claims: Claim[] = [{ type, status, reason, message }];
  return {
    ...object,
    status: {
      ...object.status,
      conditions: withConditions(object.status?.conditions, claims, generation, at(MORNING)),
    },
  };
}

export const namesOf = (objects: readonly { metadata: ObjectMeta }[]): string[] =>
  objects.map(({ metadata }) => metadata.name);

const meta = (name: string, born = MORNING): ObjectMeta => ({
  name,
  uid: `uid-of-${name}`,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: timestamp(at(born)),
});

function absurd(): never {
  throw new RangeError('the test names a size that no pool of tests offers');
}
