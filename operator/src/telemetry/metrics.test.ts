import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('queues, calls, copies and leadership are measured under the names dashboards know', async () => {
  const metrics = createMetrics();
  const queue = metrics.queue('allocations');
  queue.added();
  queue.depth(4);
  queue.waited(30);
  queue.worked(20);
  queue.retried();
  metrics.called({ method: 'GET', resource: 'pods', code: 200, ms: 5 });
  metrics.reflector('pods', () => ({ contactAgeMs: 1500, outageMs: 0 })).listed();
  metrics.leader(() => true);
  const text = await metrics.registry.metrics();

  for (const line of [
    'workqueue_adds_total{name="allocations"} 1',
    'workqueue_depth{name="allocations"} 4',
    'workqueue_retries_total{name="allocations"} 1',
    'workqueue_queue_duration_seconds_sum{name="allocations"} 0.03',
    'workqueue_work_duration_seconds_count{name="allocations"} 1',
    'rest_client_requests_total{code="200",method="GET",resource="pods"} 1',
    'reflector_lists_total{name="pods"} 1',
    'reflector_last_event_age_seconds{name="pods"} 1.5',
    'reflector_outage_seconds{name="pods"} 0',
    'cortex_leader 1',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    expect(text).toContain(line);
});

test('two sets of metrics know nothing of each other', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.queue('a').added();

  expect(await other.registry.metrics()).not.toContain('workqueue_adds_total{name="a"} 1');
});
