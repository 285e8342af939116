import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { fillOnce } from './fill-once.ts';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fill-'));
  folder = join(root, 'cache', 'programs');
  onTestFinished(() => rmSync(root, { recursive: true }));
});

test('of two builds at once one builds, and the other waits for it', async () => {
  const builds: string[] = [];
  const waits: number[] = [];
  const released = Promise.withResolvers<void>();
  const build = async (draft: string) => {
    builds.push(draft);
    await released.promise;
    writeFileSync(join(draft, 'etcd'), 'program');
  };
  const onWait = (pid: number) => {
    waits.push(pid);
    released.resolve();
  };

  await Promise.all([fillOnce(folder, build, onWait), fillOnce(folder, build, onWait)]);

  expect(builds).toHaveLength(1);
  expect(waits).toEqual([process.pid]);
  expect(readdirSync(folder)).toEqual(['etcd']);
});

test('a folder that is there is not built again', async () => {
  await fillOnce(folder, async (draft) => writeFileSync(join(draft, 'etcd'), 'first'), neverWaits);

  await expect(fillOnce(folder, failHalfway, neverWaits)).resolves.toBeUndefined();
  expect(readdirSync(folder)).toEqual(['etcd']);
});

test('a build that fails leaves nothing that looks like a result, and the next one starts clean', async () => {
  await expect(fillOnce(folder, failHalfway, neverWaits)).rejects.toThrow('no network');
  expect(existsSync(folder)).toBe(false);

  await fillOnce(folder, async (draft) => writeFileSync(join(draft, 'whole'), ''), neverWaits);
  expect(readdirSync(folder)).toEqual(['whole']);
  expect(readdirSync(join(root, 'cache'))).toEqual(['programs']);
});

async function failHalfway(draft: string): Promise<void> {
  writeFileSync(join(draft, 'half'), '');
  throw new Error('no network');
}

function neverWaits(): never {
  throw new Error('waited');
}
