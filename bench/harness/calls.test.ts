import { expect, test } from 'vitest';
import { callsEach, callsIn, sumOf } from './calls.ts';

const line = (code: number, method: string, resource: string, count: number): string =>
  `rest_client_requests_total{code="${code}",method="${method}",resource="${resource}"} ${count}`;

test('calls are counted by what they were, refused ones too, and without those that belong to no life', () => {
  const before = callsIn([line(200, 'PUT', 'burstworkers/status', 4), line(200, 'PUT', 'leases', 9)].join('\n'));
  const after = callsIn(
    [
      line(200, 'PUT', 'burstworkers/status', 24),
      line(409, 'PUT', 'burstworkers/status', 2),
      line(201, 'POST', 'pods/eviction', 50),
      line(200, 'PUT', 'leases', 99),
      line(201, 'POST', 'events', 10),
    ].join('\n'),
  );

  expect(callsEach(before, after, 10)).toEqual({ 'PUT burstworkers/status': 2.2, 'POST pods/eviction': 5 });
  expect(sumOf(callsEach(before, after, 10))).toBeCloseTo(7.2);
});
