import { describe, expect, test } from 'vitest';
import { at } from '../testing/workers.ts';
import { decide, withHolds } from './decide.ts';
import { leaksSentence } from './sentence.ts';
import type { Leak } from './suspect.ts';

const leak = (id: string, more: Partial<Leak> = {}): Leak =>
  ({
    kind: 'Machine',
    key: `Machine Proxmox ${id}`,
    pool: 'burst',
    provider: 'Proxmox',
    workerUid: `uid-of-${id}`,
    firstSeenAt: at('10:00:00').getTime(),
    provenAt: at('10:15:00').getTime(),
    id,
    host: 'pve1',
    state: 'running',
    held: undefined,
    ...more,
  }) as Leak;

const look = {
  clusterId: 'here',
  listings: [],
  workers: undefined,
  nodes: [],
  before: { suspects: [], sizes: new Map() },
};
const decisions = (leaks: readonly Leak[], suspects: readonly Leak[] = leaks, time = '10:15:00') =>
  decide({ look, leaks, memory: { suspects, sizes: new Map() }, unfinished: [] }, at(time));

test('S6: what nothing holds back goes, step by step', () => {
  expect(decisions([leak('1'), leak('2', { held: 'no' })])).toMatchObject({
    actions: [{ kind: 'RemoveMachine', machine: { id: '1' } }],
    requeueAfterMs: 5_000,
  });
});

test('S6: a look comes every five minutes, and when a suspect is proven', () => {
  expect(decisions([], []).requeueAfterMs).toBe(300_000);
  expect(decisions([], [leak('1')], '10:13:00').requeueAfterMs).toBe(120_000);
});

const allowed = (): undefined => undefined;

describe('S6: what holds leaks back', () => {
  test('report-only, until that is changed; and the breaker is not asked for what does not go', () => {
    const asked: string[] = [];
    const [held] = withHolds([leak('1')], 'Report', undefined, ({ key }) => void asked.push(key));

    expect(held?.held).toContain('operator.orphans=Remove');
    expect(asked).toEqual([]);
    expect(withHolds([leak('1')], 'Remove', undefined, allowed)[0]?.held).toBeUndefined();
  });

  test('S8: a freeze', () => {
    expect(withHolds([leak('1')], 'Remove', 'the copy of nodes is behind', allowed)[0]?.held).toBe(
      'the copy of nodes is behind',
    );
  });

  test('S9: a breaker, which hears of all before the first may go', () => {
    const asked = new Set<string>();
    const breaker = ({ key }: Leak): string | undefined => (asked.add(key).size > 1 ? 'stopped' : undefined);

    expect(withHolds([leak('1'), leak('2')], 'Remove', undefined, breaker).map(({ held }) => held)).toEqual([
      'stopped',
      'stopped',
    ]);
  });
});

test('S6: it is said what was seen and what becomes of it, and of many only the first', () => {
  expect(leaksSentence([leak('1'), leak('2', { kind: 'Node', name: 'burst-9' } as never)])).toBe(
    "machine 1 on pve1 (Proxmox, running) is this cluster's, and BurstWorker uid-of-1 that it was made for does not exist (seen since 2030-01-01T10:00:00Z): it is being removed; Node burst-9 is not Ready, and neither BurstWorker uid-of-2 nor its machine exists (seen since 2030-01-01T10:00:00Z): it is being removed",
  );
  expect(leaksSentence(['1', '2', '3', '4', '5'].map((id) => leak(id)))).toMatch(/; and 2 more$/);
});
