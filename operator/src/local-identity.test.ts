import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localIdentity } from './local-identity.ts';

const MODULE = join(import.meta.dirname, 'local-identity.ts');
const PROGRAM = `
  const { localIdentity } = await import(process.argv[1]);
  console.log(localIdentity(process.argv[2]));
  setInterval(() => globalThis.gc?.(), 10); // an identity that nothing refers to any more is held all the same
`;

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cortex-identity-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => end(child)));
  rmSync(folder, { recursive: true, force: true });
});

/** Another process, and who it says it is. */
async function start(): Promise<{ child: ChildProcess; identity: string }> {
  const args = ['--expose-gc', '--input-type=module', '--eval', PROGRAM, MODULE, join(folder, 'state')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, identity: String(line).trim() };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('S10: of two processes each is somebody else; one that was killed is, started again, who it was', async () => {
  const first = await start();
  const second = await start();
  expect(first.identity).toMatch(/_[0-9a-f-]{36}$/);
  expect(second.identity).not.toBe(first.identity);

  await end(first.child);
  expect((await start()).identity).toBe(first.identity);

  await end(second.child);
  expect((await start()).identity).toBe(second.identity);
});

test('S10: of many that start at once no two are the same', async () => {
  const started = await Promise.all(Array.from({ length: 4 }, start));

  expect(new Set(started.map(({ identity }) => identity)).size).toBe(4);
});

test('a folder that cannot be used is named, with the way out', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');

  expect(() => localIdentity(join(file, 'state'))).toThrow(
    /cannot be kept in .*file\/state \(ENOTDIR.*\): set CORTEX_IDENTITY/,
  );
});
