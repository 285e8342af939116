/** One graph: its queries, each with the legend of its series. */
export interface Panel {
  readonly title: string;
  readonly unit: 'short' | 's' | 'reqps' | 'bytes' | 'percentunit';
  readonly queries: Readonly<Record<string, string>>;
}

const quantile = (q: number, metric: string, by: string): string =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket{pool=~"$pool"}[$__rate_interval])))`;

const span = (title: string, metric: string): Panel => ({
  title,
  unit: 's',
  queries: { 'p50 {{pool}}': quantile(0.5, metric, 'pool'), 'p90 {{pool}}': quantile(0.9, metric, 'pool') },
});

const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[$__rate_interval]))`;

/** What the dashboard shows, row by row. */
export const ROWS: Readonly<Record<string, readonly Panel[]>> = {
  'Who waits, and who is served': [
    {
      title: 'Allocations waiting',
      unit: 'short',
      queries: { '{{pool}}': 'sum by (pool) (cortex_queue_pending{pool=~"$pool"})' },
    },
    {
      title: 'The longest wait',
      unit: 's',
      queries: { '{{pool}}': 'max by (pool) (cortex_queue_oldest_seconds{pool=~"$pool"})' },
    },
    { title: 'Allocations by phase', unit: 'short', queries: { '{{phase}}': 'sum by (phase) (cortex_allocations)' } },
    {
      title: 'Allocations ended',
      unit: 'short',
      queries: { '{{reason}}': 'sum by (reason) (increase(cortex_allocations_finished_total[$__rate_interval]))' },
    },
    span('Time in the queue', 'cortex_allocation_queue_seconds'),
    span('Time to Ready', 'cortex_allocation_ready_seconds'),
  ],
  'Workers and capacity': [
    {
      title: 'Workers by state',
      unit: 'short',
      queries: { '{{pool}} {{state}}': 'sum by (pool, state) (cortex_pool_workers{pool=~"$pool",state!="total"})' },
    },
    {
      title: 'Reserved, of what there is',
      unit: 'percentunit',
      queries: {
        '{{pool}} {{resource}}':
          'sum by (pool, resource) (cortex_pool_capacity{pool=~"$pool",state="reserved"}) / sum by (pool, resource) (cortex_pool_capacity{pool=~"$pool",state="total"})',
      },
    },
    {
      title: 'Pools in trouble',
      unit: 'short',
      queries: {
        '{{pool}} not {{type}}':
          'sum by (pool, type) (cortex_pool_condition{pool=~"$pool",type=~"Ready|ProviderReachable|LimitsRespected"} == 0) + 1',
        '{{pool}} {{type}}': 'sum by (pool, type) (cortex_pool_condition{pool=~"$pool",type="BreakerOpen"} == 1)',
      },
    },
    {
      title: 'Identity in doubt',
      unit: 'short',
      queries: { '{{pool}}': 'sum by (pool) (cortex_identity_conflicts{pool=~"$pool"})' },
    },
    {
      title: 'Leaks: machines and Nodes that nobody claims',
      unit: 'short',
      queries: { '{{pool}} {{provider}}': 'sum by (pool, provider) (cortex_leaks{pool=~"$pool"})' },
    },
    span('Machine launched', 'cortex_worker_launch_seconds'),
    span('Node joined', 'cortex_worker_join_seconds'),
    span('Node drained', 'cortex_worker_drain_seconds'),
    span('Machine destroyed', 'cortex_worker_destroy_seconds'),
    {
      title: 'Calls on providers',
      unit: 'reqps',
      queries: { '{{provider}} {{verb}} {{result}}': rate('cortex_provider_calls_total', 'provider, verb, result') },
    },
    {
      title: 'Time of calls on providers, p99',
      unit: 's',
      queries: {
        '{{provider}} {{verb}}':
          'histogram_quantile(0.99, sum by (provider, verb, le) (rate(cortex_provider_call_duration_seconds_bucket[$__rate_interval])))',
      },
    },
    { title: 'Evictions', unit: 'reqps', queries: { '{{code}}': rate('cortex_eviction_requests_total', 'code') } },
  ],
  'The facade': [
    {
      title: 'Tool calls',
      unit: 'reqps',
      queries: { '{{tool}} {{code}}': rate('cortex_facade_calls_total', 'tool, code') },
    },
    {
      title: 'Time of tool calls, p99',
      unit: 's',
      queries: {
        '{{tool}}':
          'histogram_quantile(0.99, sum by (tool, le) (rate(cortex_facade_call_seconds_bucket[$__rate_interval])))',
      },
    },
    {
      title: 'Tool calls under way, and copies behind the API server',
      unit: 'short',
      queries: {
        'calls {{pod}}': 'sum by (pod) (cortex_facade_calls_in_flight)',
        'seconds behind {{pod}}': 'max by (pod) (cortex_facade_watch_outage_seconds)',
      },
    },
  ],
  'The processes': [
    { title: 'Leaders', unit: 'short', queries: { '{{pod}}': 'sum by (pod) (cortex_leader)' } },
    { title: 'Pools whose ledger drifted', unit: 'short', queries: { pools: 'max(cortex_ledger_drift)' } },
    {
      title: 'Keys waiting',
      unit: 'short',
      queries: { '{{name}}': 'sum by (name) (workqueue_depth)' },
    },
    {
      title: 'Passes and repeats',
      unit: 'reqps',
      queries: {
        '{{name}}': rate('workqueue_adds_total', 'name'),
        '{{name}} repeated': rate('workqueue_retries_total', 'name'),
      },
    },
    {
      title: 'Time in a queue and of a pass, p99',
      unit: 's',
      queries: {
        '{{name}} waits':
          'histogram_quantile(0.99, sum by (name, le) (rate(workqueue_queue_duration_seconds_bucket[$__rate_interval])))',
        '{{name}} works':
          'histogram_quantile(0.99, sum by (name, le) (rate(workqueue_work_duration_seconds_bucket[$__rate_interval])))',
      },
    },
    {
      title: 'Calls on the API server',
      unit: 'reqps',
      queries: { '{{method}} {{code}}': rate('rest_client_requests_total', 'method, code') },
    },
    {
      title: 'Time to an answer, p99',
      unit: 's',
      queries: {
        '{{method}}':
          'histogram_quantile(0.99, sum by (method, le) (rate(rest_client_request_duration_seconds_bucket[$__rate_interval])))',
      },
    },
    {
      title: 'Copies behind the API server',
      unit: 's',
      queries: {
        '{{name}} closed': 'max by (name) (reflector_outage_seconds)',
        '{{name}} last heard': 'max by (name) (reflector_last_event_age_seconds)',
      },
    },
    {
      title: 'Whole reads and reopened watches',
      unit: 'reqps',
      queries: {
        '{{name}} read': rate('reflector_lists_total', 'name'),
        '{{name}} reopened': rate('reflector_restarts_total', 'name'),
      },
    },
    {
      title: 'Event loop, p99',
      unit: 's',
      queries: { '{{pod}}': 'max by (pod) (nodejs_eventloop_lag_p99_seconds{job=~"operator|facade"})' },
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: { '{{pod}}': 'max by (pod) (process_resident_memory_bytes{job=~"operator|facade"})' },
    },
  ],
};
