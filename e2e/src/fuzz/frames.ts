import * as fc from 'fast-check';

/** One HTTP request as a stranger may send it. */
export interface Frame {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const METHODS = [
  'tools/call',
  'tools/list',
  'initialize',
  'ping',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'server/discover',
  'subscriptions/listen',
  'prompts/list',
  'logging/setLevel',
  'completion/complete',
  'tasks/get',
  'notifications/cancelled',
  'notifications/initialized',
  'rpc.discover',
  '__proto__',
  '',
];
const NAMES = ['request_resources', 'release_resources', 'stop_mcp', 'destroy_worker', 'get_capacity', 'list_workers'];
const WORDS = ['job_id', 'workers', 'name', 'worker_id', 'allocation_id', 'uri', 'cursor', '__proto__', 'constructor'];
/** Signs that turn the order of text, join letters, are no text at all, or mean something to a terminal. */
const SIGNS = ['\u202E', '\u0000', '\u001B[2J', '\uD800', '👩‍👩‍👧‍👦', 'ﷺ', 'Ａ', 'ı', '\r\n\r\n'];
const REVISIONS = ['2026-07-28', '2025-11-25', '2024-11-05', '1999-01-01'];

const json = fc.jsonValue({ maxDepth: 3 });
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...SIGNS));
const usually = (good: fc.Arbitrary<unknown>, bad: fc.Arbitrary<unknown> = json) =>
  fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: bad, weight: 1 });

/** Of no tool: each object has a key that none of them knows, so that nothing is ever done by accident. */
const args = fc
  .dictionary(fc.oneof(fc.constantFrom(...WORDS), text), fc.oneof(json, text), { maxKeys: 5 })
  .map((given) => ({ ...given, fuzzed: true }));

const meta = fc.dictionary(
  fc.constantFrom(
    'io.modelcontextprotocol/protocolVersion',
    'io.modelcontextprotocol/clientInfo',
    'io.modelcontextprotocol/clientCapabilities',
    'progressToken',
  ),
  fc.oneof(fc.constantFrom(...REVISIONS), json),
);

const params = fc.record(
  {
    name: usually(fc.constantFrom(...NAMES, '__proto__', 'exec'), text),
    arguments: usually(args, fc.oneof(fc.constant(null), fc.array(json), text)),
    _meta: usually(meta),
    uri: usually(text),
    cursor: usually(text),
    requestId: usually(text),
  },
  { requiredKeys: [] },
);

const message = fc.record(
  {
    jsonrpc: usually(fc.constant('2.0')),
    id: usually(fc.oneof(fc.integer(), fc.string({ maxLength: 8 }))),
    method: usually(fc.constantFrom(...METHODS), text),
    params: usually(params),
  },
  { requiredKeys: [] },
);

/** So deep that whoever walks it by recursion falls. */
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 1_000, max: 40_000 }))
  .map(([open, depth]) => `${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`);
const inCall = (value: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"request_resources","arguments":{"metadata":${value}}}}`;

const large = fc.integer({ min: 200_000, max: 1_100_000 }).map((length) => inCall(`"${'x'.repeat(length)}"`));

/** What may stand in a body, or in a line. */
export const bodies: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: message.map((one) => JSON.stringify(one)), weight: 12 },
  { arbitrary: fc.array(message, { maxLength: 8 }).map((batch) => JSON.stringify(batch)), weight: 3 },
  { arbitrary: message.map((one) => JSON.stringify(one).slice(0, -2)), weight: 2 },
  {
    arbitrary: fc.oneof(
      text,
      json.map((value) => JSON.stringify(value)),
    ),
    weight: 2,
  },
  { arbitrary: fc.oneof(deep, deep.map(inCall)), weight: 1 },
  { arbitrary: large, weight: 1 },
);

const header = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });

const headers = fc.record(
  {
    'content-type': usually(fc.constantFrom('application/json', 'application/json; charset=utf-8'), header),
    accept: usually(fc.constantFrom('application/json, text/event-stream', 'application/json', '*/*'), header),
    'mcp-protocol-version': usually(fc.constantFrom(...REVISIONS), header),
    'mcp-method': usually(fc.constantFrom(...METHODS), header),
    'mcp-name': usually(fc.constantFrom(...NAMES), header),
    'mcp-session-id': header,
    authorization: header,
    origin: fc.constantFrom('http://localhost:5173', 'https://attacker.example', 'null', ''),
    host: fc.constantFrom('localhost', '127.0.0.1:3000', 'attacker.example', '[::1]', '', 'a b'),
  },
  { requiredKeys: ['content-type'] },
) as fc.Arbitrary<Record<string, string>>;

export const frames: fc.Arbitrary<Frame> = fc.record({
  method: fc.oneof(
    { arbitrary: fc.constant('POST'), weight: 9 },
    { arbitrary: fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'), weight: 1 },
  ),
  headers,
  body: bodies,
});
