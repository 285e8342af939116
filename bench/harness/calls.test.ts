import { expect, test } from 'vitest';
import { callsEach, callsIn, sumOf } from './calls.ts';

const line = (code: number, method: string, resource: string, count: number): string =>
  `rest_client_requests_total{code="${code}",method="${method}",resource="${resource}"} ${count}`;

test('what was refused is no write', () => {
  const text = [line(200, 'PATCH', 'nodes', 5), line(409, 'PATCH', 'nodes', 4)].join('\n');

  expect([...callsIn(text, 'accepted')]).toEqual([['PATCH nodes', 5]]);
  expect([...callsIn(text)]).toEqual([['PATCH nodes', 9]]);
});

test('calls are counted by what they were, refused ones too, and without those that belong to no life', () => {
  const before = callsIn(
    [
      line(200, 'PUT', 'burstworkers.cortex.automation/status', 4),
      line(200, 'PUT', 'leases.coordination.k8s.io', 9),
    ].join('\n'),
  );
  const after = callsIn(
    [
      line(200, 'PUT', 'burstworkers.cortex.automation/status', 24),
      line(409, 'PUT', 'burstworkers.cortex.automation/status', 2),
      line(201, 'POST', 'pods/eviction', 50),
      line(200, 'PUT', 'leases.coordination.k8s.io', 99),
      line(201, 'POST', 'events.events.k8s.io', 10),
      line(200, 'WATCH', 'pods', 10),
    ].join('\n'),
  );

  expect(callsEach(before, after, 10)).toEqual({ 'PUT burstworkers/status': 2.2, 'POST pods/eviction': 5 });
  expect(sumOf(callsEach(before, after, 10))).toBeCloseTo(7.2);
});
