import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs a program to its end and returns what it prints; throws with what it says on standard error. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env = process.env, cwd, input = '' } = options;
  const child = spawn(program, args, { env, stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.on('error', () => {}); // It may end without reading its input.
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  if (code !== 0)
    throw new Error(
      `${[basename(program), ...args.slice(0, 4)].join(' ')} failed (${code}): ${(stderr.trim() || stdout.trim()).slice(-2000)}`,
    );
  return stdout;
}
