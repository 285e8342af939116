import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clustersFolder, createClusterFolder, isLeftBehind, removeCluster, sweep } from './cluster-folder.ts';
import { tryLock } from './lock.ts';
import { identityOf } from './processes.ts';

const only =
  (...alive: string[]) =>
  (identity: string) =>
    alive.includes(identity);

test('a folder is left behind when its owner is gone', () => {
  expect(isLeftBehind('123-4567-aB3xYz', only('123-4567'))).toBe(false);
  expect(isLeftBehind('123-4567-aB3xYz', only())).toBe(true);
});

test('a pid that was given out again does not keep the folder of its former owner', () => {
  expect(isLeftBehind('123-4567-aB3xYz', only('123-9999'))).toBe(true);
});

test('what carries no owner in its name is left alone', () => {
  expect(isLeftBehind('ports-12000.lock', only())).toBe(false);
  expect(isLeftBehind('notes', only())).toBe(false);
});

test('the folder of this process says so in its name, and survives a sweep', () => {
  const folder = createClusterFolder();
  onTestFinished(() => removeCluster(folder));

  expect(basename(folder).startsWith(`${identityOf(process.pid)}-`)).toBe(true);
  sweep();
  expect(existsSync(folder)).toBe(true);
});

test('removing a cluster ends what was started from its folder, and only that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const node = join(folder, 'program');
  symlinkSync(process.execPath, node);
  const forever = ['-e', 'console.log(1); setInterval(() => {}, 1000)', folder];
  const [inside, outside] = [spawn(node, forever), spawn(process.execPath, forever)];
  onTestFinished(() => void outside.kill('SIGKILL'));
  await Promise.all([inside, outside].map((child) => once(child.stdout, 'data')));
  const ended = once(inside, 'exit');

  removeCluster(folder);

  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(identityOf(outside.pid!)).toBeDefined();
  expect(existsSync(folder)).toBe(false);
});

test('a sweep removes the folder of a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', `${CREATE}; process.kill(process.pid, 'SIGKILL')`]);
  let folder = '';
  child.stdout.on('data', (chunk: Buffer) => (folder += chunk.toString()));
  await once(child, 'close');
  expect(existsSync(folder)).toBe(true);

  sweep();

  expect(existsSync(folder)).toBe(false);
  expect(existsSync(clustersFolder())).toBe(true);
});

test('a sweep removes the locks of processes that are gone, and no other', () => {
  const [dead, mine] = ['dead', 'mine'].map((name) => join(clustersFolder(), `${name}-${process.pid}.lock`)) as [
    string,
    string,
  ];
  writeFileSync(dead, `${process.pid}-1`);
  using _ = tryLock(mine);
  onTestFinished(() => rmSync(dead, { force: true }));

  sweep();

  expect(existsSync(dead)).toBe(false);
  expect(existsSync(mine)).toBe(true);
});

const MODULE = JSON.stringify(join(import.meta.dirname, 'cluster-folder.ts'));
const CREATE = `const { createClusterFolder } = await import(${MODULE}); process.stdout.write(createClusterFolder())`;
