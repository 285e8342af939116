import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROWS } from './dashboard-rows.ts';
import { metricNames } from './metrics-page.ts';
import { familyOf, filledIn, metricsOf } from './promql.ts';

interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const ALERTS = join(import.meta.dirname, '../../charts/cortex-resource-manager/monitoring/alerts.yaml');
const { groups } = parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

const panels = Object.values(ROWS).flat();
const queries = panels.flatMap((panel) => Object.values(panel.queries)).map(filledIn);

const known = await metricNames();

test('an expression with a fault is seen', () => {
  expect(() => metricsOf('sum by (pool) (rate(x[5m])')).toThrow('not PromQL');
  expect(metricsOf('max by (pod) (a) / rate(b_sum{c="d"}[5m])')).toEqual(['a', 'b_sum']);
});

describe.for([
  ['the dashboard', queries],
  ['the alerts', alerts.map(({ expr }) => expr)],
] as const)('%s', ([, expressions]) => {
  test('asks in PromQL, and only for metrics that a process tells', () => {
    const strangers = expressions.flatMap(metricsOf).filter((metric) => familyOf(metric, known) === undefined);

    expect(strangers).toEqual([]);
  });
});

test('every metric of both processes is on the dashboard', () => {
  const shown = new Set(queries.flatMap(metricsOf).map((metric) => familyOf(metric, known)));
  const own = known.filter((name) => !/^(?:process|nodejs)_/.test(name));

  expect(own.filter((name) => !shown.has(name))).toEqual([]);
});

describe.for(alerts.map((alert) => [alert.alert, alert] as const))('%s', ([, { expr, labels, annotations }]) => {
  test('says how bad it is, what it is, and where to read on', () => {
    expect(labels['severity']).toMatch(/^(?:info|warning|critical)$/);
    expect(Object.keys(annotations).toSorted()).toEqual(['description', 'runbook', 'summary']);
    expect(annotations['runbook']).toBe(`troubleshooting.md#${anchor(annotations['summary'] ?? '')}`);
  });

  test('names in its description only labels that its expression keeps', () => {
    const named = [...(annotations['description'] ?? '').matchAll(/\$labels\.(?<name>\w+)/g)];
    const kept = /by \((?<by>[^)]*)\)/.exec(expr)?.groups?.['by'] ?? 'pool';

    for (const { groups: found } of named) expect(kept.split(', ')).toContain(found?.['name']);
  });
});

/** As GitHub makes it of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
