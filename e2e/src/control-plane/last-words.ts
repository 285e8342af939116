import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The end of every component's log below the folder: what to read when a cluster does not start. */
export function lastWords(folder: string, lines = 3): string {
  const logs = globSync(`${folder}/clusters/*/logs/*.log`).toSorted();
  return logs.map((log) => `${basename(log)}:\n${endOf(readFileSync(log, 'utf8'), lines)}`).join('\n');
}

function endOf(text: string, lines: number): string {
  const last = text.trimEnd().split('\n').slice(-lines);
  return last.map((line) => `  ${line.slice(0, 300)}`).join('\n');
}
