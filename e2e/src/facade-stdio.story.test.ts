import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, installCrds, startControlPlane } from './control-plane/control-plane.ts';
import { run } from './control-plane/run.ts';
import { type McpClient, STDIO_CLIENTS } from './system/mcp-clients.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/mcp-facade.mjs');

let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cortex-stdio-'));
  plane = await startControlPlane();
  await installCrds(plane);
});

afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As a desktop client starts it, with this kubeconfig. */
const server = (kubeconfig: string, ...args: string[]) => ({
  command: process.execPath,
  args: [BUNDLE, 'stdio', ...args],
  env: { PATH: process.env['PATH'] ?? '', KUBECONFIG: kubeconfig },
  stderr: 'ignore' as const,
});

describe.for(Object.entries(STDIO_CLIENTS))('%s', ([, connect]) => {
  let client: McpClient;
  beforeAll(async () => {
    client = await connect(server(plane.kubeconfigPath));
  });
  afterAll(() => client.close());

  test('over standard input and output it lists the tools of profile operator, reads and writes', async () => {
    expect(await client.tools()).toHaveLength(15);
    expect(await client.call('get_capacity')).toMatchObject({ isError: false, structured: { pools: [] } });

    const { structured } = await client.call('request_resources', { job_id: 'a', when_insufficient: 'queue' });
    expect(structured).toMatchObject({ status: 'pending', replayed: false });
    const { allocation_id } = structured;
    expect(await client.call('get_allocation', { allocation_id })).toMatchObject({ structured: { state: 'pending' } });
    expect(await client.call('release_resources', { allocation_id })).toMatchObject({
      structured: { status: 'released' },
    });
  });
});

const connect = STDIO_CLIENTS['client 2.4.0, negotiating'] as NonNullable<(typeof STDIO_CLIENTS)[string]>;

test.for([
  ['no kubeconfig', () => join(folder, 'nothing'), /There is no cluster to speak to: .*does not exist; set KUBECONFIG/],
  [
    'a cluster that is not there',
    () => written('gone', plane.kubeconfig.replace(/server: \S+/, 'server: https://127.0.0.1:1')),
    /cannot be reached/,
  ],
] as const)(
  'with %s it starts, lists its tools, and every call says what is missing',
  async ([, kubeconfig, cause]) => {
    const client = await connect(server(kubeconfig()));

    expect(await client.tools()).toHaveLength(15);
    for (const [tool, args] of [
      ['get_capacity', {}],
      ['request_resources', { job_id: 'a' }],
    ] as const)
      expect(await client.call(tool, args)).toMatchObject({
        isError: true,
        structured: { code: 'unavailable', error: expect.stringMatching(cause) as string },
      });
    await client.close();
  },
);

test('without CRDs every call says how to install them', async () => {
  const bare = await startControlPlane({ name: 'bare' });
  try {
    const client = await connect(server(bare.kubeconfigPath));
    expect(await client.call('list_workers')).toMatchObject({
      structured: {
        code: 'unavailable',
        error: expect.stringContaining('kubectl apply --server-side -f crds/') as string,
      },
    });
    await client.close();
  } finally {
    await bare.stop();
  }
});

test('packed and installed without a network it is a program by itself, which lists its tools', async () => {
  const [tools, root] = [join(folder, 'installed'), join(import.meta.dirname, '../..')];
  const pack = ['pack', '--json', '--workspace', 'mcp-facade', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse(await run('npm', pack, { cwd: root })) as [Packed];
  expect(files.map(({ path }) => path).toSorted()).toEqual(['dist/LICENSE', 'dist/cortex-mcp.mjs', 'package.json']);

  const offline = ['--offline', '--no-audit', '--no-fund', '--prefix', tools];
  await run('npm', ['install', ...offline, join(folder, filename)], { cwd: folder });
  const client = await connect({
    ...server(plane.kubeconfigPath),
    command: join(tools, 'node_modules/.bin/cortex-mcp'),
    args: ['stdio', '--profile', 'readonly'],
  });
  expect(await client.tools()).toHaveLength(8);
  expect(await client.call('get_capacity')).toMatchObject({ isError: false });
  await client.close();
});

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

test('as cluster-admin it starts with exactly one warning, which names what the tools use none of', async () => {
  const { command, args, env } = server(plane.kubeconfigPath);
  const started = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
  started.stdin.end();

  const said = (await text(started.stderr)).trimEnd().split('\n');
  const warnings = said.map((line) => JSON.parse(line) as { level: string; message: string }).filter(isWarning);
  expect(warnings).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/ may do more than profile operator needs; the tools use none of it$/) as string,
      rights: '* *, * *.*',
    }),
  ]);
});

const isWarning = ({ level }: { level: string }): boolean => level === 'warn' || level === 'error';

test('a context that is not there is named at once, with those that are', async () => {
  const client = await connect(server(plane.kubeconfigPath, '--context', 'production'));
  expect(await client.call('list_workers')).toMatchObject({
    structured: { error: expect.stringContaining('The kubeconfig has no context production. It has: ') as string },
  });
  await client.close();
});

test.for([
  ['--help', /cortex-mcp stdio/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
] as const)('%s is printed without a cluster', async ([flag, printed]) => {
  expect(await run(process.execPath, [BUNDLE, flag])).toMatch(printed);
});

test('what it cannot read of its command line it says in one line', async () => {
  await expect(run(process.execPath, [BUNDLE, '--verbose'])).rejects.toThrow("Unknown option '--verbose'");
  await expect(run(process.execPath, [BUNDLE, 'websocket'])).rejects.toThrow('is no way to serve');
});

function written(name: string, kubeconfig: string): string {
  const path = join(folder, name);
  writeFileSync(path, kubeconfig);
  return readFileSync(path, 'utf8') === kubeconfig ? path : '';
}
