import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const ROOT = join(import.meta.dirname, '../../..');

/** Every page that a user reads, from the project's root. */
export const PAGES: readonly string[] = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })].toSorted();

export const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** One fenced block. */
interface Block {
  readonly language: string;
  /** What stands behind the language: `no-run: why`, where it is not carried out. */
  readonly note: string;
  readonly text: string;
}

const blocksOf = (page: string): Block[] =>
  [...textOf(page).matchAll(/^ *```(?<language>\w+)(?<note>[^\n]*)\n(?<text>.*?)^ *```/gms)].map(({ groups }) => ({
    language: groups?.['language'] ?? '',
    note: groups?.['note']?.trim() ?? '',
    text: groups?.['text'] ?? '',
  }));

/** What is typed into a shell. */
export const commandsOf = (page: string): Block[] =>
  blocksOf(page).filter(({ language }) => ['sh', 'bash', 'console'].includes(language));

export const isRun = ({ note }: Block): boolean => note === '';

export interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: unknown;
}

export interface Example {
  readonly text: string;
  /** Objects of our kinds in it. */
  readonly objects: readonly Manifest[];
}

/** The YAML of a page, with the objects of ours that it shows. */
export const examplesOf = (page: string): Example[] =>
  blocksOf(page)
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => ({ text, objects: oursIn(text) }));

const oursIn = (yaml: string): Manifest[] =>
  parseAllDocuments(yaml)
    .map((document) => document.toJS() as Manifest)
    .filter((object) => object?.apiVersion === 'cortex.automation/v1alpha1');

/** Where links may point to within a page, as GitHub makes it of each heading. */
export const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set([...textOf(page).matchAll(/^#+ (?<heading>.*)$/gm)].map(({ groups }) => anchorOf(groups?.['heading'] ?? '')));

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
