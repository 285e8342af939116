import { expect, test } from 'vitest';
import { parseAudit } from './audit.ts';

const evicted = {
  stage: 'ResponseComplete',
  verb: 'create',
  user: { username: 'system:serviceaccount:cortex:operator' },
  userAgent: 'operator/1',
  objectRef: { resource: 'pods', subresource: 'eviction', namespace: 'a', name: 'web' },
  responseStatus: { code: 201 },
  requestReceivedTimestamp: '2026-01-01T00:00:00.000001Z',
  stageTimestamp: '2026-01-01T00:00:00.250000Z',
};

test('an entry says who did what to which object, when, and what came of it', () => {
  expect(parseAudit(`${JSON.stringify(evicted)}\n`)).toEqual([
    {
      verb: 'create',
      user: 'system:serviceaccount:cortex:operator',
      userAgent: 'operator/1',
      group: '',
      resource: 'pods',
      subresource: 'eviction',
      namespace: 'a',
      name: 'web',
      code: 201,
      requestedAt: new Date('2026-01-01T00:00:00Z'),
      completedAt: new Date('2026-01-01T00:00:00.250Z'),
    },
  ]);
});

test('a request for no object has empty names', () => {
  const { objectRef: _, userAgent: __, ...raw } = evicted;

  expect(parseAudit(`${JSON.stringify(raw)}\n`)).toMatchObject([
    { resource: '', name: '', namespace: '', userAgent: '' },
  ]);
});

test('only finished requests count, each once', () => {
  const log = [{ ...evicted, stage: 'ResponseStarted' }, evicted].map((event) => `${JSON.stringify(event)}\n`).join('');

  expect(parseAudit(log)).toHaveLength(1);
});

test('a watch counts from its beginning', () => {
  const log = ['ResponseStarted', 'ResponseComplete'].map(
    (stage) => `${JSON.stringify({ ...evicted, verb: 'watch', stage })}\n`,
  );

  expect(parseAudit(log.join(''))).toHaveLength(1);
});

test('a line that is still being written is not read yet', () => {
  const line = JSON.stringify(evicted);

  expect(parseAudit(`${line}\n${line.slice(0, 40)}`)).toHaveLength(1);
  expect(parseAudit('')).toEqual([]);
});
