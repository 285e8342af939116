import { expect, test } from 'vitest';
import { toolCallIn } from './tool-call.ts';

const ACCEPT = { accept: 'application/json, text/event-stream' };
const LEGACY = { ...ACCEPT, 'mcp-protocol-version': '2025-11-25', 'user-agent': 'test/1' };
const MODERN = {
  ...ACCEPT,
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'get_capacity',
};
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '2' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const call = (params: object = {}, more: object = {}) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'get_capacity', ...params },
  ...more,
});

test('a call of the legacy era is answered at once', () => {
  const meta = { progressToken: 'p', traceparent: '00-a' };
  expect(toolCallIn(call({ arguments: { a: 1 }, _meta: meta }), LEGACY)).toEqual({
    era: 'legacy',
    id: 7,
    name: 'get_capacity',
    args: { a: 1 },
    client: 'test/1',
    progressToken: 'p',
    traceparent: '00-a',
  });
  const traced = { ...ACCEPT, traceparent: '00-b' };
  expect(toolCallIn(call(), traced)).toMatchObject({ era: 'legacy', client: 'unknown', traceparent: '00-b' });
});

test('a call of the modern era is answered at once, and says by itself who calls', () => {
  expect(toolCallIn(call({ _meta: META }), MODERN)).toEqual({
    era: 'modern',
    id: 7,
    name: 'get_capacity',
    args: undefined,
    client: 'test/2',
    progressToken: undefined,
    traceparent: undefined,
  });
});

test.for([
  ['another method', call({}, { method: 'tools/list' }), LEGACY],
  ['a notification', { jsonrpc: '2.0', method: 'tools/call', params: { name: 'get_capacity' } }, LEGACY],
  ['a batch', [call()], LEGACY],
  ['an id that is none', call({}, { id: 1.5 }), LEGACY],
  ['arguments that are no object', call({ arguments: [1] }), LEGACY],
  ['a task', call({ task: {} }), LEGACY],
  ['a version nobody knows', call(), { ...LEGACY, 'mcp-protocol-version': '2024-01-01' }],
  ['a client that takes no stream', call(), { ...LEGACY, accept: 'application/json' }],
  ['eras that differ', call({ _meta: META }), LEGACY],
  ['no envelope', call(), MODERN],
  ['a header that names another tool', call({ _meta: META }), { ...MODERN, 'mcp-name': 'list_workers' }],
  ['no header that names the method', call({ _meta: META }), { ...MODERN, 'mcp-method': undefined }],
  [
    'a client that can ask its user',
    call({ _meta: { ...META, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } } }),
    MODERN,
  ],
  ['an answer of the user', call({ _meta: META, inputResponses: {} }), MODERN],
] as const)('%s is left to the SDK', ([, body, headers]) => {
  expect(toolCallIn(body, headers)).toBeUndefined();
});
