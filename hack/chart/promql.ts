import { parser } from '@prometheus-io/lezer-promql';

/** The metrics a PromQL expression reads; throws where it is not one. */
export function metricsOf(expression: string): string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'Identifier') names.push(expression.slice(from, to));
    },
  });
  return names;
}

/** As Grafana sends it: with its variables filled in. */
export const filledIn = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$pool', '.*');

/** A histogram is read by its parts. */
export const familyOf = (metric: string, known: readonly string[]): string | undefined =>
  known.find(
    (name) => metric === name || (/^_(?:bucket|sum|count)$/.test(metric.slice(name.length)) && metric.startsWith(name)),
  );
