import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

export interface Import {
  /** The importing file, relative to the root that was walked. */
  readonly from: string;
  /** The imported file, relative to the same root; packages by their name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?<type>type\s+)?(?:(?<names>[^'";]*?)\s+from\s+)?'(?<to>[^']+)'/gm;
const DYNAMIC = /\bimport\('(?<to>[^']+)'\)/g;

/** Every TypeScript file below the folder but tests and what only tests use. */
export const sourcesIn = (root: string): string[] =>
  globSync('**/*.ts', { cwd: root, exclude: ['**/node_modules/**', '**/*.test.ts', 'testing/**'] }).toSorted();

/** Every import of these files, dynamic ones included. */
export function importsOf(root: string, files: readonly string[]): Import[] {
  return files.flatMap((from) => {
    const text = codeOf(root, from);
    const stated = [...text.matchAll(STATEMENT)].map(({ groups = {} }) => ({
      to: groups['to'] ?? '',
      typeOnly: groups['type'] !== undefined || onlyTypes(groups['names']),
    }));
    const dynamic = [...text.matchAll(DYNAMIC)].map(({ groups = {} }) => ({ to: groups['to'] ?? '', typeOnly: false }));
    return [...stated, ...dynamic].map(({ to, typeOnly }) => ({ from, to: resolve(root, from, to), typeOnly }));
  });
}

/** The text without its comments. */
export const codeOf = (root: string, file: string): string =>
  readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** `{ type A, type B }` */
function onlyTypes(names: string | undefined): boolean {
  const inside = /^\{(?<list>[^}]*)\}$/s.exec(names?.trim() ?? '')?.groups?.['list'];
  const listed = inside?.split(',').filter((name) => name.trim() !== '') ?? [];
  return listed.length > 0 && listed.every((name) => name.trim().startsWith('type '));
}

const resolve = (root: string, from: string, to: string): string =>
  to.startsWith('.') ? relative(root, normalize(join(root, dirname(from), to))) : to;
