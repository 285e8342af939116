import { expect, test } from 'vitest';
import { configFrom } from './config.ts';

test('an empty environment is a usable one', () => {
  expect(configFrom({})).toMatchObject({
    namespace: 'cortex-system',
    http: { host: '127.0.0.1', port: 8080 },
    logLevel: 'info',
  });
});

test('the pod name is the identity, unless one is given', () => {
  expect(configFrom({ HOSTNAME: 'cortex-operator-7c9' }).identity).toBe('cortex-operator-7c9');
  expect(configFrom({ HOSTNAME: 'x', CORTEX_IDENTITY: 'mine' }).identity).toBe('mine');
});

test('S6: orphans are only told of unless that is changed', () => {
  expect(configFrom({}).orphans).toBe('Report');
  expect(configFrom({ CORTEX_ORPHANS: 'Remove' }).orphans).toBe('Remove');
  expect(() => configFrom({ CORTEX_ORPHANS: 'true' })).toThrow(/CORTEX_ORPHANS/);
});

test('every variable that is wrong is named at once', () => {
  expect(() => configFrom({ CORTEX_HTTP_PORT: 'eighty', CORTEX_LOG_LEVEL: 'loud' })).toThrow(
    /CORTEX_HTTP_PORT.*CORTEX_LOG_LEVEL/,
  );
});
