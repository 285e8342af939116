import { describe, expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import {
  aNode,
  aPlan,
  aPool,
  at,
  aWorker,
  checkpoint,
  cordoned,
  holding,
  registered,
  seenOf,
} from '../testing/workers.ts';
import { decide } from './decide.ts';
import { departureOf } from './departure.ts';
import type { Seen } from './seen.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);
const admitted = (more: object = {}) => ({ vm: checkpoint, conditions: holding('Admitted'), ...more });
const deleted = { deletionTimestamp: '2030-01-01T10:02:00Z' };

const bare = (node: Node): Node => ({
  ...node,
  spec: { ...node.spec, taints: (node.spec.taints ?? []).filter(({ key }) => key !== 'cortex.automation/job') },
});

const bareJoined = (more: Partial<Seen>) => seenOf({ worker: aWorker({}, admitted()), node: bare(aNode()), ...more });

describe('C3: a Node that joined without its taint', () => {
  test('is cordoned, emptied, and only then marked', () => {
    expect(decisions(bareJoined({}))).toEqual(['Cordon']);
    expect(decisions(bareJoined({ node: bare(cordoned(aNode())), cordoned: true, drain: aPlan() }))).toEqual([]);
    expect(
      decisions(bareJoined({ node: bare(cordoned(aNode())), cordoned: true, drain: aPlan({ drained: true }) })),
    ).toEqual(['MarkNode']);
  });

  test('is opened once it bears it', () => {
    expect(decisions(bareJoined({ node: cordoned(aNode()), cordoned: true }))).toEqual(['Uncordon']);
  });

  test('is no matter where the pool is shared, nor later in its life', () => {
    expect(decisions(bareJoined({ pool: aPool({ isolation: 'Shared' }) }))).toEqual([]);
    expect(decisions(bareJoined({ worker: aWorker({}, registered()) }))).toEqual(['MarkNode']);
  });
});

describe('C2: back to its pool', () => {
  const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'ReturnToPool' as const };
  const worked = aNode({
    metadata: { labels: { 'cortex.automation/job': 'team.job' } },
    spec: { taints: [{ key: 'cortex.automation/job', value: 'team.job', effect: 'NoSchedule' }] },
  });
  const closed = { node: cordoned(worked), cordoned: true };
  const returning = (more: Partial<Seen> = {}, ttl = '4h') =>
    seenOf({ worker: aWorker({ claimRef, ttl }, registered()), claimant: { state: 'Gone' }, node: worked, ...more });

  test('its Node is cordoned, emptied, freed, and the claim goes last', () => {
    expect(decisions(returning())).toEqual(['Cordon']);
    expect(decisions(returning({ ...closed, drain: aPlan() }))).toEqual([]);
    expect(decisions(returning({ ...closed, drain: aPlan({ drained: true }) }))).toEqual(['FreeNode']);
    expect(decisions(returning({ node: aNode() }))).toEqual(['ClearClaim']);
  });

  test('where the pool is shared the Node is only unmarked', () => {
    const pool = aPool({ isolation: 'Shared' });

    expect(decisions(returning({ pool }))).toEqual(['FreeNode']);
    expect(decisions(returning({ pool, node: aNode() }))).toEqual(['ClearClaim']);
  });

  test('it retires instead when emptying takes longer than a drain may', () => {
    expect(decisions(returning({ ...closed, drain: aPlan() }), at('10:11:59'))).toEqual([]);
    expect(decide(returning({ ...closed, drain: aPlan() }), at('10:12:00'))).toEqual({ actions: [] });
    expect(departureOf(returning(closed), at('10:12:00'))).toBe('Released');
  });

  test('it retires instead when less is left of its ttl than a drain and five minutes', () => {
    expect(departureOf(returning({}, '16m'), at('10:02:00'))).toBeUndefined();
    expect(departureOf(returning({}, '15m'), at('10:02:00'))).toBe('Released');
  });

  test.for<[string, Partial<Seen>]>([
    ['its Node does not answer', { node: aNode({ ready: false }) }],
    ['its Node is gone', { node: undefined }],
    ['it is in doubt which Node it is', { conflict: 'two Nodes' }],
    ['its pool is being deleted', { pool: aPool({}, deleted) }],
    ['its pool is gone', { pool: undefined }],
  ])('it retires instead when %s', ([, more]) => {
    expect(departureOf(returning(more), at('10:02:00'))).toBe('Released');
  });

  test('it stays its claimant’s when that is extended meanwhile', () => {
    const claimant = { state: 'Live', allocation: { status: {} } as never } as const;

    expect(decisions(returning({ ...closed, claimant }))).toEqual(['Uncordon']);
    expect(decisions(returning({ node: aNode(), claimant }))).toEqual(['MarkNode']);
  });
});
