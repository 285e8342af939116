import * as z from 'zod';
import { objectName } from '../ids.ts';
import { STATES } from '../present/allocation.ts';
import { SERVER_STATUSES } from '../present/server.ts';
import { WORKER_STATUSES, WORKER_TYPES } from '../present/worker.ts';
import { WAIT_OUTCOMES } from '../wait.ts';

/** UTC with Z; null: not yet. */
export const time = () => z.string().nullable();

export const state = () => z.enum(STATES);

/** A quantity that may be unknown. */
export const known = () => z.number().nullable();

export const serverRow = () => z.object({ name: z.string(), endpoint: z.string().nullable(), status: z.string() });

/** How a wait ended; null: none was asked for. */
export const wait = () => z.object({ outcome: z.enum(WAIT_OUTCOMES), message: z.string() }).nullable();

/** For the pod template of the job. */
export const placement = () =>
  z
    .object({
      nodeSelector: z.record(z.string(), z.string()),
      tolerations: z.array(
        z.object({ key: z.string(), operator: z.string(), value: z.string().optional(), effect: z.string() }),
      ),
    })
    .nullable();

/** How long to wait, in seconds; unset: as long as the tool and the client's patience allow. */
export const timeout = (otherwise: number) =>
  z
    .int()
    .min(1)
    .max(600)
    .optional()
    .describe(
      otherwise <= 45
        ? `Longest wait, seconds; default ${otherwise}`
        : `Longest wait, seconds; default ${otherwise} with progress, else 45`,
    );

/** Rows of type, status, reason, message and last_update. */
export const conditions = () => z.array(z.record(z.string(), z.string().nullable()));

/** Of a list: how many rows at most, and where to go on. */
export const limit = () => z.int().min(1).max(100).default(50).describe('Rows, 1 to 100');
export const cursor = () => z.string().max(1024).optional().describe('next_cursor of the page before');
export const nextCursor = () => z.string().nullable();

export const serverLine = () => ({
  name: z.string(),
  namespace: z.string(),
  status: z.enum(SERVER_STATUSES),
  replicas: z.int(),
  ready_replicas: z.int(),
  endpoints: z.array(z.string()),
});

export const serverDetails = () => ({
  ...serverLine(),
  available_replicas: z.int(),
  updated_replicas: z.int(),
  last_activity: time(),
  conditions: conditions(),
  because: z.array(z.object({ kind: z.string(), name: z.string(), wants: z.int() })),
});

/** cpu, memory and pods, as Kubernetes quantities. */
const quantities = () => z.record(z.string(), z.string().nullable());

export const workerLine = () => ({
  name: z.string(),
  status: z.enum(WORKER_STATUSES),
  type: z.enum(WORKER_TYPES),
  resources: z.object({ capacity: quantities(), allocatable: quantities() }),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  created: time(),
  ttl_expires: time(),
});

/** The name of a worker, or of its Node. */
export const workerId = () => objectName('a worker').describe("Worker's or Node's name");

/** How far a drain is; null: there is none. */
export const drain = () =>
  z
    .object({
      started_at: time(),
      deadline: time(),
      pods_remaining: z.int(),
      evicted: z.int(),
      ignored: z.int(),
      blocked: z.int(),
      blockers: z.array(z.string()),
    })
    .nullable();

/** Repeats what an earlier call that changed nothing has handed out. */
export const confirmToken = () => z.string().max(128).optional().describe('From a confirmation_required result');
