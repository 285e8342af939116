import { expect, test } from 'vitest';
import { blindSpots } from './query.ts';
import { metricsIn, seriesIn } from './scrape.ts';

const SCRAPE = `# HELP cortex_pool_workers Workers of a pool by state
# TYPE cortex_pool_workers gauge
cortex_pool_workers{pool="burst",state="ready"} 2
cortex_worker_join_seconds_bucket{le="1",pool="burst"} 3
cortex_worker_join_seconds_sum{pool="burst"} 3.5
cortex_leader 1
`;
const series = seriesIn(SCRAPE);

test('a scrape is series with labels, and metrics', () => {
  expect(series[1]).toEqual({ name: 'cortex_worker_join_seconds_bucket', labels: { le: '1', pool: 'burst' } });
  expect([...metricsIn(SCRAPE)]).toEqual(['cortex_pool_workers', 'cortex_worker_join_seconds', 'cortex_leader']);
});

test.for([
  'sum by (pool, state) (cortex_pool_workers{pool=~"$pool",state!="total"})',
  'histogram_quantile(0.9, sum by (pool, le) (rate(cortex_worker_join_seconds_bucket{pool=~"$pool"}[$__rate_interval])))',
  'max by (pod) (cortex_leader{job=~"operator|facade"})',
  'absent(cortex_leader == 1)',
])('%s has an answer', (expression) => {
  expect(blindSpots(expression, series)).toEqual([]);
});

test.for([
  ['sum(cortex_pool_worker)', 'reads cortex_pool_worker'],
  ['cortex_pool_workers{state="redy"} > 0', 'reads cortex_pool_workers'],
  ['cortex_pool_workers{state=~"red.*"}', 'reads cortex_pool_workers'],
  ['sum by (pools) (cortex_pool_workers)', 'sums by pools'],
  ['cortex_leader / rate(cortex_worker_join_seconds_count[5m])', 'reads cortex_worker_join_seconds_count'],
])('%s has none', ([expression = '', why]) => {
  expect(blindSpots(expression, series)).toEqual([`${expression} ${why}`]);
});
