import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { tryLock, waitForLock } from './lock.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'x.lock');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

test('a lock is held once, and again after its release', () => {
  const lock = tryLock(file);

  expect(lock).toBeDefined();
  expect(tryLock(file)).toBeUndefined();
  lock?.release();
  expect(tryLock(file)).toBeDefined();
});

test('whoever waits hears who holds the lock, and gets it next', async () => {
  const held = tryLock(file);
  const heard: number[] = [];
  const waiting = waitForLock(file, (pid) => {
    heard.push(pid);
    held?.release();
  });

  await expect(waiting).resolves.toBeDefined();
  expect(heard).toEqual([process.pid]);
});

test('the lock of a process that died is taken over', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'lock.ts'));
  const script = `(await import(${module})).tryLock(process.argv[1]); process.kill(process.pid, 'SIGKILL')`;
  spawnSync(process.execPath, ['-e', script, file]);
  expect(readdirSync(folder)).toEqual(['x.lock']);

  expect(tryLock(file)).toBeDefined();
});

test('a lock of another process with a pid that is in use again is taken over', () => {
  writeFileSync(file, `${process.pid}-1`);

  expect(tryLock(file)).toBeDefined();
});

test('nothing but the lock is left on disk, and nothing after its release', () => {
  const lock = tryLock(file);

  expect(readdirSync(folder)).toEqual(['x.lock']);
  lock?.release();
  expect(readdirSync(folder)).toEqual([]);
});
