import { describe, expect, test } from 'vitest';
import { lifeOf, lifeOfWorker, traceParentIn, traceParentText } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const ANNOTATED = { 'cortex.automation/traceparent': `00-${TRACE}-${SPAN}-01` };
const ALLOCATION = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const WORKER = '6fa459ea-ee8a-4ca4-894e-db77e160355e';

describe('a traceparent', () => {
  test('is read and written as W3C Trace Context has it', () => {
    const read = traceParentIn(`00-${TRACE}-${SPAN}-01`);

    expect(read).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(read && traceParentText(read)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(traceParentIn(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false);
  });

  test.for([
    undefined,
    7,
    '',
    'yes',
    `00-${TRACE}-${SPAN}`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])('%j says nothing', (text) => {
    expect(traceParentIn(text)).toBeUndefined();
  });
});

describe('the life of an object', () => {
  test('has ids that follow from its UID, so that a new leader goes on with the same trace', () => {
    expect(lifeOf({ metadata: { uid: ALLOCATION } })).toEqual({
      traceId: '1b4e28ba2fa141d2883f0016d3cca427',
      spanId: '883f0016d3cca427',
      parentId: undefined,
      sampled: true,
    });
  });

  test('is part of the trace in which it was made', () => {
    expect(lifeOf({ metadata: { uid: ALLOCATION, annotations: ANNOTATED } })).toEqual({
      traceId: TRACE,
      spanId: '883f0016d3cca427',
      parentId: SPAN,
      sampled: true,
    });
  });

  test('of a worker is part of its claimant’s, also when that is gone', () => {
    const worker = { metadata: { uid: WORKER, annotations: ANNOTATED }, spec: { claimRef: { uid: ALLOCATION } } };
    const claimant = { metadata: { uid: ALLOCATION, annotations: ANNOTATED } };
    const life = { traceId: TRACE, spanId: '894edb77e160355e', parentId: '883f0016d3cca427', sampled: true };

    expect(lifeOfWorker(worker, claimant)).toEqual(life);
    expect(lifeOfWorker(worker, undefined)).toEqual(life);
    expect(lifeOfWorker(worker, { metadata: { uid: WORKER } })).toEqual(life);
  });

  test('of a worker that nobody claims is its own', () => {
    expect(lifeOfWorker({ metadata: { uid: WORKER }, spec: {} }, undefined)).toEqual(
      lifeOf({ metadata: { uid: WORKER } }),
    );
  });
});
