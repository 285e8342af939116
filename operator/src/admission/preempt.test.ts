import { describe, expect, test } from 'vitest';
import { decided, officeOf } from '../testing/offices.ts';
import { allocation, at, deleting, pool, reserving, running, says, worker } from '../testing/world.ts';

const active = (name: string, count: number, readyAt: string, priority = 'Low') =>
  reserving(
    allocation(name, { count, size: 'small', priority }),
    Array.from({ length: count }, (_, i) => `${name}-${i}`),
    {
      phase: 'Active',
      readyAt: `2030-01-01T${readyAt}Z`,
    },
  );
const urgent = (count: number, more: object = {}) =>
  allocation('urgent', { count, size: 'small', priority: 'High', at: '10:59:00', ...more });

describe('A8: preemption', () => {
  const yields = { limits: { workers: 4 }, preemption: { policy: 'LowerPriority', minRuntime: '10m' } };
  const burstYields = pool('burst', yields);
  const now = '11:00:00';
  const [first, second, third] = [
    active('first', 1, '10:01:00'),
    active('second', 2, '10:02:00'),
    active('third', 1, '10:03:00'),
  ];

  test('lets the fewest give way, and says who', () => {
    expect(decided({ pools: [burstYields], allocations: [first, second, third], waiting: [urgent(2)], now })).toEqual([
      'urgent preempts second',
      'urgent waits, Preempting: Allocation team/second of lower priority must give way; what comes back is kept for this one',
    ]);
  });

  test('of the same priority those that ran least go first', () => {
    expect(decided({ pools: [burstYields], allocations: [first, second, third], waiting: [urgent(1)], now })[0]).toBe(
      'urgent preempts third',
    );
  });

  test('the lowest priority goes first', () => {
    const normal = active('normal', 1, '10:05:00', 'Normal');

    expect(decided({ pools: [burstYields], allocations: [first, second, normal], waiting: [urgent(1)], now })[0]).toBe(
      'urgent preempts second',
    );
  });

  test.for([
    ['of the same priority', [active('peer', 4, '10:01:00', 'High')]],
    ['that have not run for minRuntime', [active('young', 4, '10:50:01')]],
    [
      'that are on their way out already',
      [says({ ...first, status: { ...first.status, phase: 'Releasing' as const } }, 'Ready', false, 'TtlExpired')],
    ],
  ] as const)('spares those %s', ([, allocations]) => {
    const full = pool('burst', {
      ...yields,
      limits: { workers: allocations.length === 1 && allocations[0].metadata.name === 'first' ? 1 : 4 },
    });

    expect(decided({ pools: [full], allocations, waiting: [urgent(1)], now })[0]).toMatch(
      /^urgent waits, Insufficient/,
    );
  });

  test('looks again when the next one has run for minRuntime', () => {
    const office = officeOf({
      pools: [burstYields],
      allocations: [active('young', 4, '10:55:00')],
      waiting: [urgent(1)],
    });
    office.pass(at(now));

    expect(new Date(office.nextMoment ?? 0)).toEqual(at('11:05:00'));
  });

  test('takes nobody down where that would not be enough', () => {
    const peer = active('peer', 3, '10:01:00', 'High');

    expect(decided({ pools: [burstYields], allocations: [first, peer], waiting: [urgent(2)], now })).toEqual([
      'urgent waits, InsufficientWorkers: Insufficient workers: requested 2, available 0',
    ]);
  });

  test('takes nobody down for what comes back anyway', () => {
    const gone = allocation('gone');
    const leaving = ['x', 'y'].map((name) => deleting(running(worker(name, { claimedBy: gone }))));

    expect(
      decided({ pools: [burstYields], allocations: [second], workers: leaving, waiting: [urgent(2)], now }),
    ).toEqual(['urgent waits, InsufficientWorkers: Insufficient workers: requested 2, available 0']);
  });

  test('never happens where the pool does not say so, nor for a request that would not wait', () => {
    const allocations = [first, second, third];

    expect(
      decided({ pools: [pool('burst', { limits: { workers: 4 } })], allocations, waiting: [urgent(1)], now })[0],
    ).toMatch(/^urgent waits/);
    expect(
      decided({ pools: [burstYields], allocations, waiting: [urgent(1, { whenInsufficient: 'Fail' })], now })[0],
    ).toMatch(/^urgent fails/);
  });

  describe('what is freed is kept for whom it was freed', () => {
    const earmarked = says(urgent(2), 'QuotaReserved', false, 'Preempting');
    const more = { at: '10:59:30', size: 'small' };

    test('and nobody else gets a part of it, whatever their priority', () => {
      const other = allocation('other', { count: 1, priority: 'Critical', ...more });
      const leaving = deleting(running(worker('x', { claimedBy: allocation('victim') })));
      const peer = active('peer', 2, '10:01:00', 'Critical');

      expect(
        decided({ pools: [burstYields], allocations: [peer], workers: [leaving], waiting: [earmarked, other], now }),
      ).toEqual([
        'urgent waits, Preempting: What gives way to it is on its way back',
        'other waits, InsufficientWorkers: Insufficient workers: requested 1, available 0',
      ]);
    });

    test('but what is beyond it goes to others', () => {
      const other = allocation('other', { count: 1, ...more });
      const held = active('peer', 1, '10:01:00', 'Critical');

      expect(decided({ pools: [burstYields], allocations: [held], waiting: [other, earmarked], now })).toEqual([
        'urgent reserves small in burst, on none',
        'other reserves small in burst, on none',
      ]);
    });

    test('until it is withdrawn', () => {
      const other = allocation('other', { count: 1, ...more });

      expect(
        decided({
          pools: [burstYields],
          allocations: [active('peer', 3, '10:01:00', 'Critical')],
          waiting: [other],
          now,
        }),
      ).toEqual(['other reserves small in burst, on none']);
    });

    test('and no more have to give way while it comes', () => {
      const leaving = ['x', 'y'].map((name) => deleting(running(worker(name, { claimedBy: allocation('victim') }))));

      expect(
        decided({ pools: [burstYields], allocations: [second], workers: leaving, waiting: [earmarked], now }),
      ).toEqual(['urgent waits, Preempting: What gives way to it is on its way back']);
    });
  });
});
