import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const CLI = join(import.meta.dirname, 'cli.ts');

test('make demo PROVIDER=qemu says how to install QEMU where there is none, and starts nothing', {
  timeout: 60_000,
}, () => {
  const nothing = mkdtempSync(join(tmpdir(), 'no-programs-'));
  onTestFinished(() => rmSync(nothing, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'demo'], {
    env: { PATH: nothing, PROVIDER: 'qemu' },
    encoding: 'utf8',
  });

  expect(stderr).toContain(
    'PROVIDER=qemu needs QEMU: qemu-system-x86_64 and qemu-img not found: sudo apt-get update && sudo apt-get install --no-install-recommends qemu-system-x86 qemu-utils',
  );
  expect([status, stdout]).toEqual([1, '']);
});
