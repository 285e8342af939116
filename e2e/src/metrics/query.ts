import { parser } from '@prometheus-io/lezer-promql';
import type { Series } from './scrape.ts';

/** Labels that Prometheus adds to whatever it reads. */
const ADDED = new Set(['pod', 'job']);
/** Labels whose values are there once they have happened: an error has no series before the first. */
const HAPPENING = new Set(['code']);

interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** What an expression of PromQL reads, and by which labels it sums up. */
interface Query {
  readonly selectors: readonly Selector[];
  readonly grouping: readonly string[];
}

function parsed(expression: string): Query {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (name === 'VectorSelector') selectors.push(selectorOf(text));
      if (name === 'GroupingLabels') grouping.push(...[...text.matchAll(/\w+/g)].map(([label]) => label));
    },
  });
  return { selectors, grouping };
}

const selectorOf = (text: string): Selector => ({
  metric: text.replace(/[{[ ].*/s, ''),
  matchers: [...text.matchAll(/(?<label>\w+)(?<operator>=~|!~|!=|=)"(?<value>[^"]*)"/g)].map(
    ({ groups }) => groups as unknown as Matcher,
  ),
});

/** As Grafana sends it: with its variables filled in. */
export const filledIn = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$pool', '.*');

/**
 * What of an expression would find nothing among these series: a selector that fits none, a label that none of what it
 * reads bears. Empty: it has an answer.
 */
export function blindSpots(expression: string, series: readonly Series[]): string[] {
  const { selectors, grouping } = parsed(filledIn(expression));
  const read = selectors.map((selector) => ({ selector, found: series.filter((one) => fits(one, selector)) }));
  const bears = (label: string): boolean =>
    ADDED.has(label) || read.every(({ found }) => found.some(({ labels }) => label in labels));
  return [
    ...read.filter(({ found }) => found.length === 0).map(({ selector }) => `${expression} reads ${selector.metric}`),
    ...grouping.filter((label) => !bears(label)).map((label) => `${expression} sums by ${label}`),
  ];
}

const fits = ({ name, labels }: Series, { metric, matchers }: Selector): boolean =>
  name === metric &&
  matchers.every((matcher) => ADDED.has(matcher.label) || holds(matcher, labels[matcher.label] ?? ''));

function holds({ label, operator, value }: Matcher, is: string): boolean {
  if (HAPPENING.has(label)) return is !== '';
  const equal = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(is) : is === value;
  return operator.startsWith('!') ? !equal : equal;
}
