import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { APP_CHART, CRD_CHART, helm, type Rendered, rendered, valueSets } from './helm/chart.ts';
import { renderedFiles } from './helm/written.ts';

const FILES = join(APP_CHART, 'files');

const documentsIn = (file: string): Rendered['object'][] =>
  parseAllDocuments(readFileSync(join(FILES, file), 'utf8')).map((document) => document.toJS() as Rendered['object']);

const filesOfRights = readdirSync(FILES).filter((file) => file.endsWith('.yaml'));

const withoutLabels = ({ metadata, ...object }: Rendered['object']): unknown => {
  const { labels: _, ...rest } = metadata as typeof metadata & { labels?: unknown };
  return { ...object, metadata: rest };
};

const inOrder = (objects: readonly Rendered['object'][]): unknown[] =>
  objects.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).map(withoutLabels);

const nameOf = ({ kind, metadata }: Rendered['object']): string => [kind, metadata.namespace, metadata.name].join('/');

test('helm lint finds nothing in either chart', async () => {
  await expect(helm('lint', '--strict', APP_CHART, CRD_CHART)).resolves.toContain('0 chart(s) failed');
});

test('what is rendered from the chart is committed: npm run charts', async () => {
  const now = [...(await renderedFiles())];
  const committed = now.map(([file]) => [file, readFileSync(file, 'utf8')]);

  expect(Object.fromEntries(now)).toEqual(Object.fromEntries(committed));
});

test('the rights of profile admin are those of files/, all of them and no others', async () => {
  const fromChart = (await rendered('monitored')).filter(({ template }) => template === 'rights.yaml');
  const written = filesOfRights.flatMap(documentsIn).filter(({ kind }) => kind !== 'Namespace');

  expect(inOrder(fromChart.map(({ object }) => object))).toEqual(inOrder(written));
});

test('every file of rights is in the list that kubectl takes', () => {
  const { resources } = parse(readFileSync(join(FILES, 'Kustomization'), 'utf8')) as { resources: string[] };

  expect(resources.toSorted()).toEqual(filesOfRights.toSorted());
});

test('another namespace is everywhere another namespace', async () => {
  const yaml = await helm('template', 'cortex', APP_CHART, '--namespace', 'elsewhere');

  expect(yaml).toContain('namespace: elsewhere');
  expect(yaml).not.toContain('cortex-system');
});

test.for([
  ['facade.profil=admin', "at '/facade': additional properties 'profil' not allowed"],
  ['facade.profile=root', "at '/facade/profile': value must be one of 'readonly', 'operator', 'admin'"],
  ['operator.replicas=21', "at '/operator/replicas': maximum: got 21, want 20"],
  ['operator.image.digest=latest', "at '/operator/image/digest'"],
])('--set %s is refused by name', async ([value, why]) => {
  await expect(helm('template', APP_CHART, '--set', value as string)).rejects.toThrow(why);
});

test('an issuer without an audience is refused, and the message says what the audience is', async () => {
  const issuer = 'facade.oidc.issuer=https://login.example.com';

  await expect(helm('template', APP_CHART, '--set', issuer)).rejects.toThrow('the https address of this facade');
});

test('values of a parent chart do not disturb', async () => {
  await expect(helm('template', APP_CHART, '--set', 'global.team=x')).resolves.toContain('cortex-operator');
});

interface PodTemplate {
  spec: {
    containers: { resources: { requests: Record<string, string>; limits: Record<string, string> } }[];
  };
}

const memory = (quantity: string | undefined): number => Number(/^(?<mebi>\d+)Mi$/.exec(quantity ?? '')?.[1]);

describe.for(valueSets())('%s', (set) => {
  test('asks for at least 64Mi, and limits memory to at most four times the request', async () => {
    const makePods = (await rendered(set)).filter(({ object }) => /^(?:Deployment|Job)$/.test(object.kind));
    expect(makePods.length).toBeGreaterThan(0);
    for (const { object } of makePods) {
      const { template } = object['spec'] as { template: PodTemplate };
      for (const { resources } of template.spec.containers) {
        const [request, limit] = [memory(resources.requests['memory']), memory(resources.limits['memory'])];
        expect(request).toBeGreaterThanOrEqual(64);
        expect(limit).toBeLessThanOrEqual(4 * request);
      }
    }
  });
});
