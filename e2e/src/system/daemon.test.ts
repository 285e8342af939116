import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identityOf } from '../control-plane/processes.ts';
import { NODE_FLAGS } from './daemon.ts';

test.for([
  ['operator', 'program'],
  ['mcp-facade', 'mcp-facade'],
] as const)('here %s runs with the flags of its image', ([name, stage]) => {
  const file = readFileSync(join(import.meta.dirname, '../../../hack/images/Dockerfile'), 'utf8');
  const [, entrypoint = ''] = /^ENTRYPOINT (.*)$/m.exec(file.split(`AS ${stage}\n`)[1] ?? '') ?? [];

  expect(JSON.parse(entrypoint)).toEqual(['node', ...NODE_FLAGS[name], '/app/main.mjs']);
});

/** Starts a process, says its pid, and ends without ending it. */
const CARELESS = `
const [, module, folder, detached] = process.argv;
const { Daemon } = await import(module);
const script = folder + '/idle.mjs';
const daemon = new Daemon({ name: 'operator', script, folder, kubeconfig: '', detached: detached === 'true' });
process.stdout.write(String(daemon.pid), () => process.exit());
`;

test.for([
  ['ends with whoever started it', false],
  ['outlives it where it is to', true],
] as const)('a process that nobody ended %s', async ([, detached]) => {
  const folder = mkdtempSync(join(tmpdir(), 'daemon-'));
  writeFileSync(join(folder, 'idle.mjs'), 'setInterval(() => {}, 1000)');
  const module = join(import.meta.dirname, 'daemon.ts');
  const careless = spawn(process.execPath, ['-e', CARELESS, module, folder, String(detached)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(careless.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  onTestFinished(() => {
    if (identityOf(pid) !== undefined) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });
  if (careless.exitCode === null) await once(careless, 'exit');

  await vi.waitFor(() => expect(identityOf(pid) !== undefined).toBe(detached), { timeout: 10_000 });
});
