import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  AllocationSpec,
  BurstWorkerSpec,
  McpServerScaleSpec,
  McpServerSpec,
  NodeDrainSpec,
  WorkerPoolSpec,
} from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchorsOf, commandsOf, examplesOf, isRun, PAGES, ROOT, textOf } from './docs/page.ts';

const SPECS: Readonly<Record<string, { parse(spec: unknown): unknown }>> = {
  Allocation: AllocationSpec,
  BurstWorker: BurstWorkerSpec,
  McpServer: McpServerSpec,
  McpServerScale: McpServerScaleSpec,
  NodeDrain: NodeDrainSpec,
  WorkerPool: WorkerPoolSpec,
};

/** The page and the heading that a link leads to. */
interface Link {
  readonly page: string;
  readonly anchor: string;
}

const linksOf = (page: string): Link[] =>
  [...textOf(page).matchAll(/\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)/g)].map(({ groups }) => ({
    page: groups?.['path'] === '' ? page : normalize(join(dirname(page), groups?.['path'] ?? '')),
    anchor: groups?.['anchor'] ?? '',
  }));

const isThere = ({ page, anchor }: Link): boolean =>
  existsSync(join(ROOT, page)) && (anchor === '' || anchorsOf(page).has(anchor));

describe.for(PAGES)('%s', (page) => {
  test('links to what is there, headings included', () => {
    expect(linksOf(page).filter((link) => !isThere(link))).toEqual([]);
  });

  test('shows objects that the schema accepts', () => {
    const objects = examplesOf(page).flatMap((example) => example.objects);

    expect(() => objects.forEach(({ kind = '', spec }) => SPECS[kind]?.parse(spec))).not.toThrow();
  });

  test('has no commands but those that are carried out, and those that say why not', () => {
    const silent = commandsOf(page).filter((block) => !isRun(block) && !/^no-run: \S.*\S$/.test(block.note));

    expect(silent).toEqual([]);
  });
});

test('every page is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) for (const { page: next } of linksOf(page)) if (next.endsWith('.md')) reached.add(next);

  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

test('every alert leads to a heading of its own in docs/troubleshooting.md', () => {
  const file = join(ROOT, 'charts/cortex-resource-manager/monitoring/alerts.yaml');
  const { groups } = parse(readFileSync(file, 'utf8')) as {
    groups: { rules: { annotations: { runbook: string } }[] }[];
  };
  const runbooks = groups.flatMap(({ rules }) => rules).map(({ annotations }) => annotations.runbook.split('#'));

  expect(runbooks.length).toBeGreaterThan(10);
  expect(runbooks.filter(([page = '', anchor = '']) => !isThere({ page: `docs/${page}`, anchor }))).toEqual([]);
});
