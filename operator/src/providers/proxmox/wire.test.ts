import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Certificate, selfSigned } from '../../testing/certificate.ts';
import { proxmoxHarness, requestOf } from '../../testing/proxmox/harness.ts';
import { official } from '../../testing/proxmox/official.ts';
import { ProxmoxServer, USER } from '../../testing/proxmox/server.ts';
import { one, patient, planned, raise } from '../contract/drive.ts';
import { ProxmoxClient, sendOver } from './client.ts';
import { connect, type Trust } from './trust.ts';
import { X509Certificate } from 'node:crypto';

const fingerprintOf = ({ cert }: Certificate): string => new X509Certificate(cert).fingerprint256;

async function wire(
  trust: Partial<Trust> | ((certificate: Certificate) => Partial<Trust>),
  secret = 'a-canary-secret',
) {
  const certificate = selfSigned('pve');
  const server = await ProxmoxServer.start(() => new Date(), certificate);
  const settings = typeof trust === 'function' ? trust(certificate) : trust;
  const dispatcher = connect({ insecureSkipVerify: false, ...settings });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  const client = new ProxmoxClient(sendOver(dispatcher, server.url, `${USER}=${secret}`));
  return { server, client, version: (signal = patient()) => client.call('version', {}, signal) };
}

const trusted = (certificate: Certificate): Partial<Trust> => ({ caBundle: certificate.cert });
const untrusted = { class: 'Unauthorized', code: 'Untrusted', retryAfterMs: 60_000 };

describe('31: the token leaves only once the certificate was checked', () => {
  test('an unknown authority is refused, and the token stays here', async () => {
    const { server, version } = await wire({});

    await expect(version()).rejects.toMatchObject(untrusted);
    expect(server.credentials.size).toBe(0);
  });

  test('the authority that the pool names is trusted', async () => {
    const { version } = await wire(trusted);

    await expect(version()).resolves.toMatchObject({ version: '9.1.3' });
  });

  test('a pinned fingerprint is trusted', async () => {
    const { version } = await wire((certificate) => ({ fingerprint: fingerprintOf(certificate).toLowerCase() }));

    await expect(version()).resolves.toMatchObject({ version: '9.1.3' });
  });

  test('a changed fingerprint is refused before anything is sent', async () => {
    const { server, version } = await wire((certificate) => ({ fingerprint: fingerprintOf(certificate) }));
    await version();
    server.credentials.clear();
    server.present(selfSigned('somebody-else'));

    await vi.waitFor(() =>
      expect(version()).rejects.toMatchObject({ ...untrusted, message: expect.stringContaining('nothing was sent') }),
    );
    expect(server.credentials.size).toBe(0);
  });

  test('who asks for no check gets none', async () => {
    const { version } = await wire({ insecureSkipVerify: true });

    await expect(version()).resolves.toMatchObject({ version: '9.1.3' });
  });
});

describe('30: answers that are none', () => {
  test.for<[string, string, string]>([
    ['a truncated one', '{"data":[{"vmid"', 'the answer is no JSON'],
    ['an error page', '<html>502</html>', 'the answer is no JSON'],
    ['nothing', '', 'the answer is no JSON'],
    ['fields of another type', '{"data":{"version":7}}', 'not what the API promises: version'],
    ['no data', '{}', 'not what the API promises: data'],
  ])('%s', async ([, body, message]) => {
    const { server, version } = await wire(trusted);
    server.next(/GET \/version/, (response) => void response.end(body));

    await expect(version()).rejects.toMatchObject({
      class: 'Transient',
      code: 'MalformedAnswer',
      message: expect.stringContaining(message),
    });
  });

  test('a line that goes dead', async () => {
    const { server, version } = await wire(trusted);
    server.next(/GET \/version/, 'dropped');

    await expect(version()).rejects.toMatchObject({ class: 'Transient', code: 'Unreachable' });
    await expect(version()).resolves.toMatchObject({ version: '9.1.3' });
  });

  test('nobody there', async () => {
    const client = new ProxmoxClient(sendOver(connect({ insecureSkipVerify: true }), 'https://127.0.0.1:1', 'a=b'));

    await expect(client.call('version', {}, patient())).rejects.toMatchObject({ class: 'Transient' });
  });
});

test('32: a call that is cut off ends at once, and its connection with it', async () => {
  const { server, version } = await wire(trusted);
  const [asked, cut] = [Promise.withResolvers<void>(), new AbortController()];
  server.next(/GET \/version/, () => asked.resolve());
  const call = version(cut.signal);
  await asked.promise;
  cut.abort();

  await expect(call).rejects.toMatchObject({ class: 'Transient', code: 'CutOff' });
  await vi.waitFor(() => expect(server.openSockets).toBe(0));
});

test('29: the secret of the token is in no error', async () => {
  const { server, client, version } = await wire(trusted, 'another-canary-secret');
  const errors: unknown[] = [];
  const catching = async (call: Promise<unknown>) => void (await call.catch((error: unknown) => errors.push(error)));
  await catching(version());
  server.next(/GET/, 'dropped');
  await catching(version());
  server.next(/GET/, (response) => void response.end('another-canary-secret'));
  await catching(version());
  await catching(client.call('task', { node: 'pve', upid: 'x' }, AbortSignal.abort()));

  expect(errors).toHaveLength(4);
  expect(JSON.stringify(errors.map(everything))).not.toContain('canary');
});

const everything = (error: unknown): unknown =>
  error instanceof Error
    ? {
        ...Object.fromEntries(Object.entries(error)),
        message: error.message,
        stack: error.stack,
        cause: everything(error.cause),
      }
    : error;

test.skipIf(official === undefined)(
  '6: every answer lost on the wire itself costs a look, and makes one machine',
  async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    for (const call of [/POST .*\/clone/, /POST .*\/upload/, /PUT .*\/config/, /PUT .*\/resize/, /POST .*\/start/])
      harness.server.next(call, 'lost');
    await raise(harness, request, checkpoint, () => harness.restarted());

    await expect(one(harness, request)).resolves.toMatchObject({ workerUid: request.workerUid });
  },
);

test.skipIf(official === undefined)('19: a hundred calls share few connections', async () => {
  const harness = await proxmoxHarness();
  await Promise.all(Array.from({ length: 100 }, () => harness.provider.plan(requestOf(), harness.now())));

  expect(harness.server.openSockets).toBeLessThanOrEqual(8);
});
