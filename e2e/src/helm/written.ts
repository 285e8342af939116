import { join } from 'node:path';
import { APP_CHART, isHook, notes, type Rendered, rendered, valueSets } from './chart.ts';

const HEADER = 'Rendered by `npm run charts`; edits are lost.';

/** Every file that is rendered from the chart: where it is, and its text. */
export async function renderedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const set of valueSets()) {
    files.set(join(APP_CHART, 'ci', `${set}-rendered.yaml`), shown(await rendered(set)));
    files.set(join(APP_CHART, 'ci', `${set}-notes.txt`), await notes(set));
  }
  files.set(join(APP_CHART, '../plain/processes.yaml'), plain(await rendered('default')));
  return files;
}

/** Rights stand in files/ already, so they are left out. */
const shown = (objects: readonly Rendered[]): string =>
  documents([`# ${HEADER} The rights are those of files/.`, ...textsBesideRights(objects)]);

/** For `kubectl apply -k`, which takes the rights from files/ itself. */
const plain = (objects: readonly Rendered[]): string =>
  documents([`# ${HEADER}`, ...textsBesideRights(objects.filter((one) => !isHook(one))).map(withoutHelm)]);

const isRight = ({ template }: Rendered): boolean => template === 'rights.yaml';

const textsBesideRights = (objects: readonly Rendered[]): string[] =>
  objects.filter((one) => !isRight(one)).map(({ text }) => text);

const withoutHelm = (text: string): string =>
  text.replaceAll(/^ *helm\.sh\/chart: .*\n/gm, '').replaceAll('managed-by: Helm', 'managed-by: kubectl');

const documents = (texts: readonly string[]): string => `${texts.join('\n---\n')}\n`;
