import { expect, test } from 'vitest';
import { table } from './table.ts';

test('a figure stands beside its target and what others do', () => {
  const figures = [
    { id: 'B1a-i', what: 'reservation', unit: 'Ready/s', values: [310, 290, 320], percentOfB0: [80, 60, 75] },
    { id: 'B1a-iii', what: 'server', unit: 'Ready/s', values: [200], percentOfB0: [69] },
    { id: 'new', what: 'without an anchor', unit: 's', values: [1.5] },
  ];

  const [head, reservation, server, unheld] = table(figures).split('\n');

  expect(head).toMatch(/^id +what +median/);
  expect(reservation).toMatch(/310 \(290–320\) Ready\/s +75 % +≥300\/s, ≥70 % of B0 +met +Kueue/);
  expect(server).toMatch(/69 % +≥70 % of B0 +missed$/);
  expect(unheld).toMatch(/1\.5 \(1\.5–1\.5\) s$/);
});
