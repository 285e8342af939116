import { randomBytes } from 'node:crypto';
import { type Life, traceParentIn } from '@cortex/operator/telemetry/trace-context';
import type { Traced } from '@cortex/operator/telemetry/tracing';
import type { Answered } from './toolbox.ts';

/** The span of a call: part of its caller's where that named one, else the beginning of a trace. */
export function beginTrace(traceparent: unknown): Life {
  const parent = traceParentIn(traceparent);
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentId: parent?.spanId,
    sampled: parent?.sampled ?? true,
  };
}

/** Which tool, and how it came out; neither what it was given nor who called. */
export const callTraced = (
  { traceId, spanId, parentId }: Life,
  { tool, ms, requestId, failure }: Pick<Answered, 'tool' | 'ms' | 'requestId' | 'failure'>,
  at: Date,
): Traced => ({
  name: `tools/call ${tool}`,
  traceId,
  spanId,
  parentId,
  answers: true,
  from: new Date(at.getTime() - ms),
  to: at,
  attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': tool, 'cortex.request_id': requestId },
  failure: failure?.code,
});
