import { randomBytes } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type IdGenerator, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Teller, Traced, Tracing } from './tracing.ts';

/** The only file that knows OpenTelemetry. Where to send what, and how, its library reads from the environment itself. */
export function sendTraces(teller: Teller): Tracing {
  const ids = new GivenIds();
  const provider = new TracerProvider({
    resource: resourceOf(teller),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter: watched(new OTLPTraceExporter(), teller) })],
  });
  const tracer = provider.getTracer('cortex-resource-manager', teller.version);
  return {
    told({ name, traceId, spanId, parentId, answers, from, to, attributes, failure }) {
      ids.next = spanId === undefined ? { traceId } : { traceId, spanId };
      const kind = answers === true ? SpanKind.SERVER : SpanKind.INTERNAL;
      const span = tracer.startSpan(name, { kind, startTime: from, attributes }, contextOf(traceId, parentId));
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end(to);
    },
    // What could not be sent even now was told of above.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

/** What the environment says of the process goes before what it says itself. */
const resourceOf = ({ service, version, instance }: Teller) =>
  defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': service,
        'service.version': version,
        ...(instance === undefined ? {} : { 'service.instance.id': instance }),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));

function contextOf(traceId: string, parentId: string | undefined) {
  if (parentId === undefined) return ROOT_CONTEXT;
  const parent = { traceId, spanId: parentId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

/** Ids that follow from objects; a span that nothing is part of may have any. */
class GivenIds implements IdGenerator {
  next: Pick<Traced, 'traceId' | 'spanId'> = { traceId: '' };

  generateTraceId(): string {
    return this.next.traceId;
  }

  generateSpanId(): string {
    return this.next.spanId ?? randomBytes(8).toString('hex');
  }
}

/** A collector that does not answer costs its spans, and is told of once. */
function watched(exporter: SpanExporter, { trouble, recovered }: Teller): SpanExporter {
  let out = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !out) trouble('traces could not be sent; those of this outage are lost', result.error);
        if (!failed && out) recovered('traces are sent again');
        out = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
