import { expect, test } from 'vitest';
import { commandLineOf } from './command-line.ts';
import { configFrom, isLoopback, profileFor } from './config.ts';

test('without arguments it serves HTTP, with stdio a desktop client', () => {
  expect(commandLineOf([])).toEqual({ command: 'http', context: undefined, namespace: undefined, profile: undefined });
  expect(commandLineOf(['stdio', '--context', 'kind', '--namespace', 'jobs', '--profile', 'admin'])).toEqual({
    command: 'stdio',
    context: 'kind',
    namespace: 'jobs',
    profile: 'admin',
  });
});

test.for(['help', 'version', 'check'] as const)('--%s is done instead of serving', (flag) => {
  expect(commandLineOf(['stdio', `--${flag}`]).command).toBe(flag);
});

test.for([
  [['websocket'], 'is no way to serve'],
  [['stdio', 'http'], 'is no way to serve'],
  [['--profile', 'root'], '"root" is no profile: use readonly, operator, admin'],
  [['--verbose'], "Unknown option '--verbose'"],
  [['--context'], "Option '--context <value>' argument missing"],
] as const)('%o is refused in one sentence', ([args, said]) => {
  expect(() => commandLineOf(args)).toThrow(said);
});

test('what is said on the command line counts before the environment, and both before what suits the transport', () => {
  const config = configFrom({ CORTEX_PROFILE: 'admin' });

  expect(profileFor('http', 'readonly', config)).toBe('readonly');
  expect(profileFor('http', undefined, config)).toBe('admin');
  expect(profileFor('http', undefined, configFrom({}))).toBe('readonly');
  expect(profileFor('stdio', undefined, configFrom({}))).toBe('operator');
});

test('an environment that is not usable names every variable that is wrong', () => {
  expect(() => configFrom({ CORTEX_MCP_PORT: '99999', CORTEX_PROFILE: 'root', CORTEX_CONFIRMATION: 'no' })).toThrow(
    /CORTEX_MCP_PORT: .*; CORTEX_PROFILE: .*; CORTEX_CONFIRMATION: /,
  );
});

test.for([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.example.org', false],
] as const)('%s is this machine alone: %s', ([host, alone]) => {
  expect(isLoopback(host)).toBe(alone);
});

const OIDC = { CORTEX_OIDC_ISSUER: 'https://login.example', CORTEX_OIDC_AUDIENCE: 'https://cortex.example/mcp' };

test('an address that others reach wants tokens', () => {
  expect(() => configFrom({ CORTEX_MCP_HOST: '0.0.0.0' })).toThrow(
    'nobody is asked for a token: set CORTEX_OIDC_ISSUER',
  );
  expect(configFrom({ CORTEX_MCP_HOST: '0.0.0.0', ...OIDC })).toMatchObject({
    mcp: { names: ['localhost', '127.0.0.1', '[::1]', 'cortex.example'] },
  });
  expect(configFrom({ CORTEX_MCP_NAMES: 'facade.jobs.svc, facade' })).toMatchObject({
    oidc: undefined,
    mcp: { names: ['localhost', '127.0.0.1', '[::1]', 'facade.jobs.svc', 'facade'] },
  });
});

test.for([
  [{ CORTEX_OIDC_ISSUER: 'https://login.example' }, 'CORTEX_OIDC_ISSUER and CORTEX_OIDC_AUDIENCE go together'],
  [{ ...OIDC, CORTEX_OIDC_ISSUER: 'http://login.example' }, 'CORTEX_OIDC_ISSUER: must begin with https://'],
  [{ ...OIDC, CORTEX_OIDC_AUDIENCE: 'cortex' }, 'CORTEX_OIDC_AUDIENCE: Invalid URL'],
] as const)('%o is refused', ([environment, said]) => {
  expect(() => configFrom(environment)).toThrow(said);
});
