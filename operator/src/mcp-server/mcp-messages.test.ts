import { expect, test } from 'vitest';
import { discover, greetingOfDiscover, greetingOfInitialize, initialize, resultOf } from './mcp-messages.ts';

const KEY = 'io.modelcontextprotocol/';
const rpc = (body: object): object => ({ jsonrpc: '2.0', id: 1, ...body });

test('the modern handshake is one stateless request; the older one opens with initialize', () => {
  expect(discover()).toMatchObject({
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
    body: { method: 'server/discover', params: { _meta: { [`${KEY}protocolVersion`]: '2026-07-28' } } },
  });
  expect(initialize().body).toMatchObject({ method: 'initialize', params: { protocolVersion: '2025-11-25' } });
});

test('a greeting tells name, version and the newest protocol it speaks', () => {
  const modern = {
    supportedVersions: ['2026-07-28', '2027-01-01'],
    capabilities: { tools: {} },
    _meta: { [`${KEY}serverInfo`]: { name: 'clock', version: '1.0.0' } },
  };
  expect(greetingOfDiscover(modern)).toEqual({
    serverInfo: { name: 'clock', version: '1.0.0', protocolVersion: '2027-01-01' },
    hasTools: true,
  });
  const legacy = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'old' } };
  expect(greetingOfInitialize(legacy)).toEqual({
    serverInfo: { name: 'old', protocolVersion: '2025-11-25' },
    hasTools: false,
  });
});

test.for([{}, { capabilities: {} }, { supportedVersions: ['x'] }, { supportedVersions: 'x', capabilities: {} }])(
  'a result that only looks like an answer is no greeting: %j',
  (result) => {
    expect(greetingOfDiscover(result)).toBeUndefined();
    expect(greetingOfInitialize(result)).toBeUndefined();
  },
);

test('words of a stranger are shown without control characters, and not at any length', () => {
  const greeting = greetingOfInitialize({
    protocolVersion: '2025-11-25',
    serverInfo: { name: `a\u001b[31m\u202eb\n${'x'.repeat(900)}`, version: { not: 'a string' } },
  });

  expect(greeting?.serverInfo.name).toMatch(/^a\[31mbx+$/);
  expect(greeting?.serverInfo.name).toHaveLength(253);
  expect(greeting?.serverInfo).not.toHaveProperty('version');
});

test.for([undefined, [], { result: {} }, rpc({ error: { code: -32601 } }), rpc({ result: 'text' })])(
  'no result is found in %j',
  (answer) => {
    expect(resultOf(answer)).toBeUndefined();
  },
);
