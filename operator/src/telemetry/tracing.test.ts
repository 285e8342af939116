import { expect, onTestFinished, test, vi } from 'vitest';
import { type Collector, openCollector } from '../testing/collector.ts';
import { openTracing, type Traced } from './tracing.ts';

const SPAN: Traced = {
  name: 'Allocation',
  traceId: '1b4e28ba2fa141d2883f0016d3cca427',
  spanId: '883f0016d3cca427',
  parentId: '00f067aa0ba902b7',
  from: new Date('2026-01-01T10:00:00Z'),
  to: new Date('2026-01-01T10:03:00Z'),
  attributes: { 'cortex.allocation': 'job' },
};
const teller = { service: 'cortex-operator', version: '1', trouble: () => undefined, recovered: () => undefined };

async function collecting(more: Readonly<Record<string, string>> = {}): Promise<Collector> {
  const collector = await openCollector();
  onTestFinished(() => collector[Symbol.asyncDispose]());
  onTestFinished(() => void vi.unstubAllEnvs());
  // The library reads the process's own environment.
  for (const [name, value] of Object.entries({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...more }))
    vi.stubEnv(name, value);
  return collector;
}

test.for([
  {},
  { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
  { OTEL_SERVICE_NAME: 'operator' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' },
])('under %j there are no traces', async (environment) => {
  expect(await openTracing(environment, teller)).toBeUndefined();
});

test.for([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is no address'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '4318' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no address'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'grpc is not spoken'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, 'unset it'],
] as const)('%j is refused: %s', async ([environment, why]) => {
  await expect(openTracing(environment, teller)).rejects.toThrow(why);
});

test('a span arrives at the collector under its own ids, with the times and the words it was told with', async () => {
  const collector = await collecting({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc' });
  const tracing = await openTracing(process.env, teller);

  tracing?.told(SPAN);
  tracing?.told({ ...SPAN, name: 'queue', parentId: '883f0016d3cca427', failure: 'QueueTimeout' });
  tracing?.told({ ...SPAN, name: 'tools/call get_capacity', answers: true, parentId: undefined });
  await tracing?.close();

  const [allocation, queue, call] = collector.received;
  expect(allocation).toMatchObject({
    service: 'cortex-operator',
    traceId: SPAN.traceId,
    spanId: SPAN.spanId,
    parentSpanId: SPAN.parentId,
    startTimeUnixNano: '1767261600000000000',
    endTimeUnixNano: '1767261780000000000',
    attributes: SPAN.attributes,
  });
  expect(queue).toMatchObject({ traceId: SPAN.traceId, status: { code: 2, message: 'QueueTimeout' } });
  expect(call).toMatchObject({ traceId: SPAN.traceId, kind: 2 });
  expect(call?.parentSpanId ?? '').toBe('');
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer abc' });
});

test('a span that nothing is part of gets an id of its own', async () => {
  const collector = await collecting();
  const tracing = await openTracing(process.env, teller);
  const { spanId: _any, ...action } = SPAN;

  tracing?.told(action);
  tracing?.told(action);
  await tracing?.close();

  expect(new Set(collector.received.map(({ spanId }) => spanId)).size).toBe(2);
});

test('the environment says what the process is called', async () => {
  const collector = await collecting({ OTEL_SERVICE_NAME: 'cortex-east', OTEL_RESOURCE_ATTRIBUTES: 'team=platform' });
  const tracing = await openTracing(process.env, teller);

  tracing?.told(SPAN);
  await tracing?.close();

  expect(collector.received[0]?.service).toBe('cortex-east');
});

test('a collector that refuses is told of, and nothing fails of it', async () => {
  const collector = await collecting();
  collector.answer = 400;
  const trouble = vi.fn<(message: string, error: unknown) => void>();
  const tracing = await openTracing(process.env, { ...teller, trouble });

  tracing?.told(SPAN);
  await tracing?.close();

  expect(trouble).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('could not be sent'), expect.anything());
});
