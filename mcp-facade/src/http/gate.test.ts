import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { TokenVerifier } from '../oidc.ts';
import { issuer } from '../testing/issuer.ts';
import { served } from '../testing/served.ts';
import { bearerGate } from './gate.ts';

const AUDIENCE = new URL('https://cortex.example/mcp');
const CALL = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'request_resources', arguments: { job_id: 'a', when_insufficient: 'queue' } },
};

async function guarded() {
  const provider = await issuer(AUDIENCE);
  const settings = { issuer: provider.url, audience: AUDIENCE };
  const facade = await served({ gate: bearerGate(new TokenVerifier(settings), settings) });
  const post = async (body: unknown, authorization?: string) => {
    const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) };
    const answer = await fetch(facade.url, { method: 'POST', headers, body: JSON.stringify(body) });
    const challenge = answer.headers.get('www-authenticate');
    return { status: answer.status, challenge, body: (await answer.json()) as Record<string, unknown> };
  };
  return { ...facade, provider, post };
}

test('a good token lets its subject in, and stamps it as whoever the issuer says it is', async () => {
  const { post, provider, cluster } = await guarded();

  expect(await post(CALL, `Bearer ${await provider.token()}`)).toMatchObject({ status: 200 });
  const [made] = await cluster.list('allocations');
  expect(made?.metadata.annotations?.['cortex.automation/requested-by']).toBe(
    `${String(provider.url).replace(/\/$/, '')}#alice`,
  );
});

test.for([
  ['no token', undefined, 'Missing Authorization header'],
  ['another scheme', 'Basic YTpi', /Authorization header/],
  ['no JWT', 'Bearer nonsense', 'The token is not one of the issuer'],
] as const)('%s is answered 401, with where tokens are to be had', async ([, authorization, said]) => {
  const { post, cluster } = await guarded();

  const refused = await post(CALL, authorization);
  expect(refused).toMatchObject({
    status: 401,
    body: { error: 'invalid_token', error_description: expect.stringMatching(said) as string },
  });
  expect(refused.challenge).toContain(
    'resource_metadata="https://cortex.example/.well-known/oauth-protected-resource/mcp"',
  );
  expect(cluster.writes).toEqual([]);
});

const PAST = Math.trunc(Date.parse('2026-01-01T00:00:00Z') / 1000);

test.for([
  ['expired', {}, { expiresAt: PAST }, 'The token has expired'],
  ['for somebody else', { aud: 'https://other.example/mcp' }, {}, 'The token is not for here: claim aud'],
  ['from another issuer', { iss: 'https://evil.example' }, {}, 'The token is not for here: claim iss'],
  ['without a subject', { sub: undefined }, {}, 'The token is not for here: claim sub'],
  ['not valid yet', { nbf: 4_102_444_800 }, {}, 'The token is not for here: claim nbf'],
  ['signed by another key', {}, { forged: true }, 'The token is not one of the issuer'],
] as const)('a token %s is answered 401', async ([, claims, options, said]) => {
  const { post, provider, cluster } = await guarded();

  const refused = await post(CALL, `Bearer ${await provider.token(claims, options)}`);
  expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_token', error_description: said } });
  expect(cluster.writes).toEqual([]);
});

const header = (alg: string) => Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');

test('a token signed with no key, or with a secret, is none', async () => {
  const { post, provider } = await guarded();
  const [, payload = ''] = (await provider.token()).split('.');

  for (const alg of ['none', 'HS256'])
    expect(await post(CALL, `Bearer ${header(alg)}.${payload}.AAAA`)).toMatchObject({ status: 401 });
});

test('a token that may not even read is answered 403, with the scope it lacks', async () => {
  const { post, provider } = await guarded();

  const refused = await post(CALL, `Bearer ${await provider.token({ scope: 'profile' })}`);
  expect(refused).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
  expect(refused.challenge).toContain('scope="read"');
});

test('scopes decide what is listed and what may be called', async () => {
  const { post, provider, cluster } = await guarded();
  const reader = `Bearer ${await provider.token({ scope: 'openid read' })}`;
  const writer = `Bearer ${await provider.token({ scp: ['read', 'write'], scope: undefined })}`;
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const names = async (authorization: string) =>
    ((await post(list, authorization)).body['result'] as { tools: { name: string }[] }).tools.map(({ name }) => name);

  expect(await names(reader)).toHaveLength(8);
  expect(await names(writer)).toHaveLength(15);
  expect(await post(CALL, reader)).toMatchObject({
    status: 200,
    body: { result: { isError: true, structuredContent: { code: 'forbidden' } } },
  });
  expect(cluster.writes).toEqual([]);
});

test.for(['legacy', { pin: '2026-07-28' }] as const)(
  'an MCP client that speaks %o brings its token with each request',
  async (mode) => {
    const { url, provider } = await guarded();
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const headers = { authorization: `Bearer ${await provider.token({ scope: 'read' })}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));

    expect((await client.listTools()).tools).toHaveLength(8);
    await client.close();
  },
);

test('who has no token yet is told where to ask for one', async () => {
  const { url, provider } = await guarded();

  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])
    expect(await (await fetch(new URL(path, url))).json()).toMatchObject({
      resource: 'https://cortex.example/mcp',
      authorization_servers: [String(provider.url)],
      scopes_supported: ['read', 'write', 'destroy'],
    });
});

test('while the issuer does not answer nobody is let in, and once it does everybody is again', async () => {
  const { post, provider } = await guarded();
  const authorization = `Bearer ${await provider.token()}`;
  provider.up = false;
  expect(await post(CALL, authorization)).toMatchObject({ status: 500, body: { error: 'server_error' } });

  provider.up = true;
  expect(await post(CALL, authorization)).toMatchObject({ status: 200 });
});
