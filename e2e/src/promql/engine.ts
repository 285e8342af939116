import { homedir } from 'node:os';
import { join } from 'node:path';
import { isProgram } from '../control-plane/binaries.ts';
import { fillOnce } from '../control-plane/fill-once.ts';
import { goBuild, goBuildKey, type GoModule } from '../control-plane/go-build.ts';
import { cacheFolder } from '../control-plane/places.ts';
import { run } from '../control-plane/run.ts';

const MODULE: GoModule = {
  name: 'promql',
  folder: join(import.meta.dirname, '../../../hack/promql'),
  packages: ['.'],
  ldflags: '',
  instead: 'leave out the tests of queries',
};

/** What a process answered at a moment, in seconds; Prometheus adds the labels to each of its series. */
export interface Scrape {
  readonly at: number;
  readonly text: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Query {
  readonly at: number;
  readonly expr: string;
}

export interface Answer {
  readonly samples?: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
  /** Why there is none. */
  readonly error?: string;
}

/** Answers by Prometheus' own parser and engine, in the order of the queries. */
export async function ask(scrapes: readonly Scrape[], queries: readonly Query[]): Promise<Answer[]> {
  const input = JSON.stringify({ scrapes, queries });
  return JSON.parse(await run(await program(), [], { input })) as Answer[];
}

let built: Promise<string> | undefined;
const program = (): Promise<string> => (built ??= build(console.error));

/** From the cache; built there first where it is not. */
async function build(say: (line: string) => void): Promise<string> {
  const folder = cacheFolder(process.env, homedir(), 'promql', goBuildKey(['prometheus'], [MODULE]));
  const fill = async (draft: string) => {
    say(`building an engine for PromQL into ${folder}: about a minute on two cores, once`);
    await goBuild(MODULE, draft, say);
  };
  const file = join(folder, 'promql');
  if (!isProgram(file)) await fillOnce(folder, fill, (pid) => say(`waiting for process ${pid}, which is building it`));
  return file;
}
