import { expect, test } from 'vitest';
import { createLogger, logFormat, type LogOptions } from './log.ts';
import { textLine } from './text-line.ts';

function lines(options: LogOptions, log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const written: string[] = [];
  log(createLogger({ ...options, write: (line) => written.push(line) }));
  return written;
}

test('a line is one JSON object with its keys', () => {
  const [line = ''] = lines({}, (log) =>
    log.info('VM created', { kind: 'BurstWorker', key: 'w-0', action: 'create', ms: 12 }),
  );

  expect(JSON.parse(line)).toMatchObject({
    level: 'info',
    message: 'VM created',
    kind: 'BurstWorker',
    key: 'w-0',
    action: 'create',
    ms: 12,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test('what is below the level is not written', () => {
  const written = lines({ level: 'warn' }, (log) => {
    log.info('no');
    log.warn('yes');
  });

  expect(written.length).toBe(1);
});

test('secrets are not written, in either format', () => {
  for (const format of ['json', 'text'] as const) {
    const written = lines({ format }, (log) =>
      log.error('sent Bearer abcdefghijkl', { token: 'tok', error: new Error('Bearer mnopqrstuv') }),
    );
    expect(written.join('')).not.toMatch(/abcdefgh|mnopqrst|tok"|=tok/);
  }
});

test('a line for people reads from left to right', () => {
  const at = new Date('2026-01-01T10:11:12.345Z');
  const keys = { kind: 'Node', key: 'n1', reason: 'Draining', ms: 1.23456, error: new Error('no such pod') };

  expect(textLine(at, 'warn', 'evicted', keys)).toBe(
    '10:11:12.345 WARN  Node n1: evicted reason=Draining ms=1.2 error="no such pod"',
  );
});

test.for([
  [undefined, true, 'text'],
  [undefined, false, 'json'],
  ['json', true, 'json'],
  ['text', false, 'text'],
  ['nonsense', false, 'json'],
] as const)('LOG_FORMAT %s at a terminal (%s) means %s', ([given, terminal, format]) => {
  expect(logFormat(given, terminal)).toBe(format);
});
