import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AllocationSpec,
  BurstWorkerSpec,
  McpServerScaleSpec,
  McpServerSpec,
  NodeDrainSpec,
  WorkerPoolSpec,
} from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })].toSorted();

const SPECS: Readonly<Record<string, { parse(spec: unknown): unknown }>> = {
  Allocation: AllocationSpec,
  BurstWorker: BurstWorkerSpec,
  McpServer: McpServerSpec,
  McpServerScale: McpServerScaleSpec,
  NodeDrain: NodeDrainSpec,
  WorkerPool: WorkerPoolSpec,
};

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: unknown;
}

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe.for(PAGES)('%s', (page) => {
  test('links to what is there', () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) => path);

    expect(links.filter((path) => !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });

  test('shows objects that the schema accepts', () => {
    const blocks = [...textOf(page).matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = '']) => yaml);
    const objects = blocks
      .flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS() as Manifest))
      .filter((object) => object?.apiVersion === 'cortex.automation/v1alpha1');

    expect(() => objects.forEach(({ kind = '', spec }) => SPECS[kind]?.parse(spec))).not.toThrow();
  });
});
