import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { generated } from './generated.ts';
import { KINDS } from './kinds.ts';
import { REASONS } from './reasons.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = [...generated()];
const manifests = files.filter(([path]) => path.endsWith('.yaml'));

test.for(files)('%s is what the generator prints; if not: npm run generate', ([path, text]) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
});

test('nothing that is not generated any more lies among what is', () => {
  const folders = new Set(files.map(([path]) => dirname(path)));
  const there = [...folders].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /\.(yaml|md)$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(there.toSorted()).toEqual(files.map(([path]) => path).toSorted());
});

test('there is a CRD, its copy in the chart and a page for each kind, and a page of reasons', () => {
  expect(files).toHaveLength(3 * KINDS.length + 1);
});

test('printed twice is printed the same', () => {
  expect([...generated()]).toEqual(files);
});

test.for(manifests)('%s reads the same in YAML 1.1, which kubectl and helm read, and in YAML 1.2', ([, text]) => {
  expect(parse(text, { version: '1.1' })).toEqual(parse(text, { version: '1.2' }));
});

test.for(manifests.filter(([path]) => path.startsWith('charts/')))(
  '%s stays when the chart is uninstalled, and holds nothing that helm takes for a template',
  ([, text]) => {
    expect(parse(text)).toMatchObject({ metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } });
    expect(text).not.toContain('{{');
  },
);

test('every reason is one word in CamelCase, said in one sentence on its page', () => {
  const page = new Map(files).get('docs/reference/reasons.md') ?? '';

  for (const [reason, meaning] of Object.entries(REASONS)) {
    expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(meaning).toMatch(/^[A-Z].*[^.]\.$/);
    expect(page).toContain(`| \`${reason}\` | ${meaning} |`);
  }
});
