import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '@cortex/crds';
import { parse } from 'yaml';
import { type Answer, ask, type Scrape } from './engine.ts';

const FILE = join(import.meta.dirname, '../../../charts/cortex-resource-manager/monitoring/alerts.yaml');

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly annotations: { readonly description: string };
}

export const ALERTS = (parse(readFileSync(FILE, 'utf8')) as { groups: { rules: Alert[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);

/** Series, each with its value at every minute; undefined: nobody tells it then. */
export type World = Readonly<Record<string, (minute: number) => number | undefined>>;

/** What an alert says of a world: the minute from which it fires, and about what. */
export interface Verdict {
  /** Undefined: it does not. */
  readonly since: number | undefined;
  readonly labels: readonly string[];
}

/** Asked every minute, as Prometheus does: an alert fires once its expression has held for so long without a break. */
export async function verdict(
  { alert, expr, for: pending = '0s' }: Alert,
  world: World,
  minutes: number,
): Promise<Verdict> {
  const moments = Array.from({ length: minutes + 1 }, (_, minute) => minute);
  const scrapes = moments.map((minute): Scrape => ({ at: minute * 60, text: textOf(world, minute) }));
  const answers = await ask(
    scrapes,
    moments.map((minute) => ({ at: minute * 60, expr })),
  );
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(`${alert}: ${failed.error}`);
  const needed = parseDuration(pending) / 60_000;
  const since = moments.find((minute) => minute >= needed && answers.slice(minute - needed, minute + 1).every(holds));
  const [sample] = answers[since ?? -1]?.samples ?? [];
  return { since, labels: Object.keys(sample?.labels ?? {}) };
}

const holds = ({ samples = [] }: Answer): boolean => samples.length > 0;

const textOf = (world: World, minute: number): string =>
  Object.entries(world)
    .flatMap(([series, value]) => {
      const now = value(minute);
      return now === undefined ? [] : [`${series} ${now}\n`];
    })
    .join('');
