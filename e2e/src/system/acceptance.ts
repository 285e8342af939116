import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from '../control-plane/run.ts';

const { resolve } = createRequire(import.meta.url);
const programOf = (name: string, path: string): string =>
  join(dirname(resolve(`@modelcontextprotocol/${name}/package.json`)), path);

const CONFORMANCE = programOf('conformance', 'dist/index.js');
const INSPECTOR = programOf('inspector', 'clients/launcher/build/index.js');

/** One thing that the conformance tool has looked at. */
export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** What the conformance tool of the protocol finds with one scenario; its own exit code counts failures, which are judged here. */
export async function conformance(url: string, scenario: string, revision: string, folder: string): Promise<Check[]> {
  const kept = mkdtempSync(join(folder, 'conformance-'));
  const which = ['--scenario', scenario, '--spec-version', revision, '--output-dir', kept];
  await run(process.execPath, [CONFORMANCE, 'server', '--url', url, ...which]).catch(() => undefined);
  const [result] = readdirSync(kept);
  if (result === undefined) throw new Error(`scenario ${scenario} of ${revision} has no result`);
  return JSON.parse(readFileSync(join(kept, result, 'checks.json'), 'utf8')) as Check[];
}

/** What the inspector prints as a client of a server; throws with its exit code where that is not 0. */
export async function inspect(server: readonly string[], method: readonly string[], home: string): Promise<unknown> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: process.env['KUBECONFIG'] };
  const args = [INSPECTOR, '--cli', ...server, '--method', ...method, '--format', 'json'];
  return (JSON.parse(await run(process.execPath, args, { env })) as { result: unknown }).result;
}
