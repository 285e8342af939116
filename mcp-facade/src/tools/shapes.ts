import * as z from 'zod';
import { STATES } from '../present/allocation.ts';

/** UTC with Z; null: not yet. */
export const time = () => z.string().nullable();

export const state = () => z.enum(STATES);

/** A quantity that may be unknown. */
export const known = () => z.number().nullable();

export const serverRow = () => z.object({ name: z.string(), endpoint: z.string().nullable(), status: z.string() });

export const WAIT_OUTCOMES = ['ready', 'timed_out', 'superseded', 'clamped', 'conflict'] as const;

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

/** How long to wait, in seconds. */
export const timeout = (otherwise: number) =>
  z.int().min(1).max(600).default(otherwise).describe('Longest wait, seconds');

export const conditions = () =>
  z.array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string(),
      message: z.string(),
      last_update: time(),
    }),
  );
