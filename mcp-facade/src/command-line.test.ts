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
