import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ControlPlane, startControlPlane } from './control-plane/control-plane.ts';
import { answerTo } from './fuzz/answers.ts';
import { bodies, frames } from './fuzz/frames.ts';
import { conformance, inspect } from './system/acceptance.ts';
import type { Daemon } from './system/daemon.ts';
import { HTTP_CLIENTS, type McpClient } from './system/mcp-clients.ts';
import { install, startFacade } from './system/system.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/mcp-facade.mjs');

let folder: string;
let plane: ControlPlane;
let facade: Daemon;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cortex-surface-'));
  plane = await startControlPlane({ auditPolicy: true });
  await install(plane);
  ({ facade, url } = await startFacade(plane, { folder }));
});

afterAll(async () => {
  await facade.end();
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** By scenario and revision, how many checks must have passed: a pass of nothing is none. */
const SCENARIOS = [
  ['A1', 'server-stateless', '2026-07-28', 24],
  ['A2', 'tools-list', '2026-07-28', 4],
  ['A2', 'tools-list', '2025-11-25', 3],
  ['A3', 'dns-rebinding-protection', '2026-07-28', 2],
  ['A3', 'dns-rebinding-protection', '2025-11-25', 2],
  ['A4', 'http-header-validation', '2026-07-28', 14],
  ['A5', 'server-initialize', '2025-11-25', 2],
  ['A5', 'ping', '2025-11-25', 2],
] as const;

/** What A1 asks of tools that only a server made for it has. */
const DIAGNOSTIC = /^Not testable: server does not list the diagnostic tool 'test_\w+' in tools\/list/;

describe.concurrent('the tools that the protocol is checked with', () => {
  test.for(SCENARIOS)('%s: conformance %s of %s passes all its %i checks', async ([, scenario, revision, least]) => {
    const checks = await conformance(url, scenario, revision, folder);

    const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
    expect(failed.filter(({ errorMessage = '' }) => !DIAGNOSTIC.test(errorMessage))).toEqual([]);
    expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThanOrEqual(least);
  });

  test.for(['modern', 'legacy'])(
    'A7: the inspector lists all tools in the %s era and finds no error in them',
    async (era) => {
      const listed = await inspect([url], ['tools/list', '--strict', '--protocol-era', era], folder);
      expect(listed).toMatchObject({ tools: { length: 16 } });
    },
  );

  test('A8: the inspector calls a tool, and ends with 5 when the result is an error', async () => {
    const called = ['tools/call', '--protocol-era', 'auto', '--tool-name'];
    expect(await inspect([url], [...called, 'get_capacity'], folder)).toMatchObject({
      structuredContent: { stale: false },
    });
    const unknown = [...called, 'destroy_worker', '--tool-arg', 'worker_id=nobody'];
    await expect(inspect([url], unknown, folder)).rejects.toThrow('failed (5)');
  });

  test('A9: of 200 calls, 8 at once, every one is answered', async () => {
    const load = ['--load', '--load-concurrency', '8', '--load-requests', '200'];
    expect(await inspect([url], ['tools/call', '--tool-name', 'get_capacity', ...load], folder)).toMatchObject({
      ok: 200,
      toolErrors: 0,
      errors: 0,
    });
  });

  test('A10: the inspector starts a server over stdio and lists its tools', async () => {
    const server = [process.execPath, BUNDLE, 'stdio'];
    expect(await inspect(server, ['tools/list', '--quiet'], folder)).toMatchObject({ tools: { length: 15 } });
  });
});

/** What the facade, whoever runs it, has written so far. */
const writes = async (): Promise<string[]> =>
  (await plane.audit())
    .filter(
      ({ group, verb }) => group === 'cortex.automation' && ['create', 'delete', 'patch', 'update'].includes(verb),
    )
    .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);

/** A JSON-RPC message that a server may send. */
const MESSAGE = expect.objectContaining({ jsonrpc: '2.0' }) as unknown;
const ERROR = { code: expect.any(Number) as unknown, message: expect.stringMatching(/./) as unknown };

test('whatever is sent over HTTP is answered as the protocol says, the process stays up, and nothing is written', async () => {
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      const { status, messages } = await answerTo(url, frame);
      expect(status).toBeLessThan(500);
      expect(messages).toEqual(messages.map(() => MESSAGE));
      const errors = messages.flatMap((message) => (message as { error?: unknown }).error ?? []);
      expect(errors).toEqual(errors.map(() => expect.objectContaining(ERROR) as unknown));
      expect(status < 400 || frame.method === 'HEAD' || errors.length === 1).toBe(true);
    }),
    { numRuns: 600 },
  );

  const client = await (HTTP_CLIENTS['client 2.4.0, negotiating'] as (at: string) => Promise<McpClient>)(url);
  expect(await client.call('list_workers')).toMatchObject({ isError: false });
  await client.close();
  expect(facade.running).toBe(true);
  expect(await writes()).toEqual([]);
});

test('whatever is written to its standard input, a server over stdio goes on, and writes nothing but the protocol', async () => {
  const server = spawn(process.execPath, [BUNDLE, 'stdio', '--profile', 'admin'], {
    env: { PATH: process.env['PATH'], KUBECONFIG: plane.kubeconfigPath },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill());
  const lines: string[] = [];
  const answered = Promise.withResolvers<void>();
  createInterface(server.stdout).on('line', (line) => {
    lines.push(line);
    if ((JSON.parse(line) as { id?: unknown }).id === 'last') answered.resolve();
  });
  const say = (message: unknown) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...Object(message) })}\n`);

  const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } };
  say({ id: 'first', method: 'initialize', params: client });
  say({ method: 'notifications/initialized' });
  for (const body of fc.sample(bodies, 300)) if (!server.stdin.write(`${body}\n`)) await once(server.stdin, 'drain');
  say({ id: 'last', method: 'tools/call', params: { name: 'list_workers' } });
  await answered.promise;

  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(lines.map(() => MESSAGE));
  expect(server.exitCode).toBeNull();
  expect(await writes()).toEqual([]);
});
