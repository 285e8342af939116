import { expect, test } from 'vitest';
import { configFrom } from './config.ts';

test('an empty environment is a usable one', () => {
  expect(configFrom({})).toMatchObject({
    namespace: 'cortex-system',
    http: { host: '127.0.0.1', port: 8080 },
    logLevel: 'info',
  });
});

test('S10: in a pod its name is the identity, unless one is given; elsewhere a file says it, for a host may run two', () => {
  const pod = { HOSTNAME: 'cortex-operator-7c9', KUBERNETES_SERVICE_HOST: '10.0.0.1' };

  expect(configFrom(pod).identity).toBe('cortex-operator-7c9');
  expect(configFrom({ ...pod, CORTEX_IDENTITY: 'mine' }).identity).toBe('mine');
  expect(configFrom({ HOSTNAME: 'workstation' }).identity).toBeUndefined();
  expect(configFrom({ HOME: '/home/a' }).stateFolder).toBe('/home/a/.local/state/cortex-resource-manager');
  expect(configFrom({ HOME: '/home/a', XDG_STATE_HOME: '/s' }).stateFolder).toBe('/s/cortex-resource-manager');
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

test('calls to the API server are limited only where that is asked for, and a burst is twice the calls of a second', () => {
  expect(configFrom({}).allowance).toBeUndefined();
  expect(configFrom({ CORTEX_API_QPS: '50' }).allowance).toEqual({ qps: 50, burst: 100 });
  expect(configFrom({ CORTEX_API_QPS: '0.5', CORTEX_API_BURST: '3' }).allowance).toEqual({ qps: 0.5, burst: 3 });
  expect(() => configFrom({ CORTEX_API_QPS: '0' })).toThrow(/CORTEX_API_QPS/);
  expect(() => configFrom({ CORTEX_API_BURST: '10' })).toThrow(/CORTEX_API_BURST says nothing without CORTEX_API_QPS/);
});
