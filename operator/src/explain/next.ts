import type { Allocation, BurstWorker, NodeDrain } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { deadlineOf } from '../admission/refuse.ts';
import { isTrue, timestamp } from '../conditions.ts';
import { poolOf, type Subject, type World } from './world.ts';

/** What happens by itself, and when. */
export interface Next {
  readonly what: string;
  readonly at: string;
}

export function nextOf(subject: Subject, world: World): Next | undefined {
  switch (subject.kind) {
    case 'Allocation':
      return ofAllocation(subject);
    case 'BurstWorker':
      return ofWorker(subject, world);
    case 'NodeDrain':
      return ofDrain(subject);
    case 'WorkerPool':
    case 'McpServer':
    case 'McpServerScale':
      return undefined;
  }
}

function ofAllocation(allocation: Allocation): Next | undefined {
  const { spec, status, metadata } = allocation;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if (isTrue(status?.conditions, 'Finished')) {
    if (spec.ttlAfterFinished === '' || status?.finishedAt === undefined) return undefined;
    return { what: 'it is deleted', at: later(status.finishedAt, spec.ttlAfterFinished) };
  }
  if (status?.phase === 'Releasing') return moment('what is left on its workers is forced', status.hardStopAt);
  if (status?.readyAt !== undefined) return moment('it expires', status.expiresAt);
  if (isTrue(status?.conditions, 'QuotaReserved')) return undefined;
  const { at, reason } = deadlineOf(allocation);
  return { what: `it fails with ${reason}`, at: timestamp(new Date(at)) };
}

function ofWorker({ spec, status, metadata }: BurstWorker, world: World): Next | undefined {
  const pool = poolOf(world, spec.pool);
  const forces = pool?.spec.drain.onDeadline !== 'Hold';
  if (status?.drain?.deadline !== undefined)
    return moment(forces ? 'what is left on it is forced' : 'its time is over, and it holds', status.drain.deadline);
  if (metadata.deletionTimestamp !== undefined || status?.phase === 'Failed') return undefined;
  if (status?.expiresAt !== undefined) return moment('it expires', status.expiresAt);
  const began = status?.vm?.createdAt;
  if (began === undefined || pool === undefined) return undefined;
  return { what: 'the attempt is given up', at: later(began, pool.spec.provisioning.timeout) };
}

function ofDrain({ spec, status }: NodeDrain): Next | undefined {
  if (status?.phase !== 'Draining') return undefined;
  const forces = spec.onDeadline === 'ForceDelete';
  return moment(forces ? 'what is left is forced' : 'its time is over, and it holds', status.drain?.deadline);
}

const moment = (what: string, at: string | undefined): Next | undefined =>
  at === undefined ? undefined : { what, at };

const later = (from: string, duration: string): string =>
  timestamp(new Date(Date.parse(from) + parseDuration(duration)));
