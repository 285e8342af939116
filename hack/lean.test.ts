import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { LEAN } from './lean.ts';

interface Reader {
  loadFromOptions(options: object): void;
  applyToHTTPSOptions(options: { headers?: unknown }): Promise<void>;
}

/** A reader of kubeconfigs as bundles have it. */
async function reader(): Promise<Reader> {
  const contents = "import { KubeConfig } from '@kubernetes/client-node'; export const read = () => new KubeConfig();";
  const folder = mkdtempSync(join(tmpdir(), 'cortex-lean-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, 'bundle.mjs');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  const stdin = { contents, resolveDir: process.cwd() };
  const plugins = [...LEAN];
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', banner: { js: banner }, plugins });
  const { read } = (await import(pathToFileURL(outfile).href)) as { read: () => Reader };
  return read();
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a bundle still logs in by OpenID Connect where a kubeconfig says so', async () => {
  const token = [part({ alg: 'none' }), part({ exp: Date.now() / 1000 + 3600 }), 'signature'].join('.');
  const kubeConfig = await reader();
  kubeConfig.loadFromOptions({
    clusters: [{ name: 'c', server: 'https://127.0.0.1:6443' }],
    users: [{ name: 'u', authProvider: { name: 'oidc', config: { 'id-token': token } } }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const options: { headers?: unknown } = {};
  await kubeConfig.applyToHTTPSOptions(options);

  expect(options.headers).toEqual({ Authorization: `Bearer ${token}` });
});

test('what a bundle leaves out says so when it is called', async () => {
  const kubeConfig = await reader();
  kubeConfig.loadFromOptions({
    clusters: [{ name: 'c', server: 'https://127.0.0.1:6443', proxyUrl: 'socks5://127.0.0.1:1080' }],
    users: [{ name: 'u' }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });

  await expect(kubeConfig.applyToHTTPSOptions({})).rejects.toThrow('SocksProxyAgent is not part of this program');
});
