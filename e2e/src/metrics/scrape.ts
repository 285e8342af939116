/** One line of a scrape, without its value. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The series of a scrape in the text format. */
export const seriesIn = (scrape: string): Series[] =>
  scrape
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.replace(/[{ ].*/, ''), labels: labelsIn(line) }));

const labelsIn = (line: string): Record<string, string> =>
  Object.fromEntries([...line.matchAll(/(?<=[{,])(?<label>\w+)="(?<value>[^"]*)"/g)].map(pair));

const pair = ({ groups }: RegExpMatchArray): [string, string] => [groups?.['label'] ?? '', groups?.['value'] ?? ''];

/** Names of the metrics, histograms by their own name. */
export const metricsIn = (scrape: string): Set<string> =>
  new Set(seriesIn(scrape).map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, '')));
