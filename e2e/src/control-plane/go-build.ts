import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { atExit } from './at-exit.ts';

/** Programs of one Go module of ours, which pins them and everything they are made of. */
export interface GoModule {
  readonly name: string;
  /** Where its go.mod and go.sum are. */
  readonly folder: string;
  readonly packages: readonly string[];
  readonly ldflags: string;
  /** What to do instead of building, as the end of a sentence. */
  readonly instead: string;
}

/** Names what a build makes: the versions, the checksums of every module, the platform. */
export function goBuildKey(versions: readonly string[], modules: readonly GoModule[]): string {
  const hash = createHash('sha256').update([...versions, process.platform, process.arch].join());
  for (const { folder } of modules) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(folder, file)));
  }
  return `${versions[0]}-${hash.digest('hex').slice(0, 12)}`;
}

/** Builds the programs into the folder, from the Go module proxy; `say` hears how long it takes. */
export async function goBuild(module: GoModule, into: string, say: (line: string) => void): Promise<void> {
  const started = performance.now();
  const tell = (what: string) => say(`${module.name}: ${what} ${Math.round((performance.now() - started) / 1000)} s`);
  const ticker = setInterval(() => tell('building for'), 15_000);
  try {
    await go(module, [
      'build',
      '-trimpath',
      '-ldflags',
      `-s -w${module.ldflags}`,
      '-o',
      `${into}/`,
      ...module.packages,
    ]);
    tell('built in');
  } finally {
    clearInterval(ticker);
  }
}

async function go({ name, folder, instead }: GoModule, args: readonly string[]): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const child = spawn('go', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  using cleanup = new DisposableStack();
  cleanup.defer(atExit(() => child.kill('SIGINT')));
  const noGo = `${name} is built with Go, which is not here: install Go 1.26 or newer, or ${instead}.`;
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(noGo, { cause })));
    child.once('close', resolve);
  });
  const [code, stderr] = await Promise.all([exited, text(child.stderr)]);
  if (code === 0) return;
  throw new Error(
    `go build of ${name} failed: ${stderr.trim().slice(-2000)}\n` +
      `Look whether the Go module proxy answers, then run it again, or ${instead}.`,
  );
}
