import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { KINDS } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = 'examples/gitops';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

const documentsIn = (...globs: string[]): Manifest[] =>
  globs
    .flatMap((glob) => globSync(glob, { cwd: ROOT }))
    .toSorted()
    .flatMap((file) => parseAllDocuments(readFileSync(join(ROOT, file), 'utf8')))
    .map((document) => document.toJS() as Manifest);

const waveOf = ({ metadata }: Manifest): number => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
const groupOf = ({ apiVersion }: Manifest): string => (apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '');
const said = (one: Manifest): string => `${groupOf(one)}/${one.kind}`;

const crds = documentsIn('charts/cortex-resource-manager-crds/templates/*.yaml');
const processes = documentsIn('charts/cortex-resource-manager/ci/default-rendered.yaml');
const rights = documentsIn('charts/cortex-resource-manager/files/*.yaml');
const platform = documentsIn(`${EXAMPLES}/platform/*.yaml`);
const jobs = documentsIn(`${EXAMPLES}/jobs/*.yaml`);
const applications = documentsIn(`${EXAMPLES}/argocd/default/*.yaml`);
const flux = documentsIn(`${EXAMPLES}/flux/**/*.yaml`);

describe('sync waves', () => {
  test.for([
    ['the CRDs', -1, crds],
    ['rights and admission policies', 0, rights],
    ['the operator', 0, processes.filter(({ metadata }) => metadata.name === 'cortex-operator')],
    ['the facade', 1, processes.filter(({ kind }) => kind === 'Service')],
    ['the facade', 1, processes.filter((one) => one.kind === 'Deployment' && one.metadata.name === 'cortex-facade')],
    ['pools and servers', 2, platform],
    ['jobs', 3, jobs],
  ] as const)('%s: %i', ([, wave, objects]) => {
    expect(objects.length).toBeGreaterThan(0);
    expect(new Set(objects.map(waveOf))).toEqual(new Set([wave]));
  });
});

test('ArgoCD never prunes a CRD, and with it everybody’s objects', () => {
  const options = crds.map(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/sync-options']);

  expect(new Set(options)).toEqual(new Set(['Prune=false,Delete=false']));
});

interface Allowed {
  readonly group: string;
  readonly kind: string;
}

/** The lists of AppProject cortex. */
const allowed = (list: 'clusterResourceWhitelist' | 'namespaceResourceWhitelist'): Allowed[] =>
  documentsIn(`${EXAMPLES}/argocd/project-cortex/project.yaml`).flatMap(({ spec }) => spec[list] as Allowed[]);

test('AppProject cortex admits what is installed, and nothing else', () => {
  const whitelist = [...allowed('clusterResourceWhitelist'), ...allowed('namespaceResourceWhitelist')];
  const synced = [...crds, ...processes, ...rights, ...platform, ...jobs];

  expect(new Set(whitelist.map(({ group, kind }) => `${group}/${kind}`))).toEqual(new Set(synced.map(said)));
});

test('AppProject cortex admits the namespaces that are written to', () => {
  const destinations = documentsIn(`${EXAMPLES}/argocd/project-cortex/project.yaml`).flatMap(
    ({ spec }) => spec['destinations'] as { namespace: string }[],
  );
  const written = [...processes, ...rights].flatMap(({ metadata }) => metadata.namespace ?? []);

  expect(written).toContain('kube-system');
  expect(written.filter((each) => !destinations.some(({ namespace }) => matchesGlob(each, namespace)))).toEqual([]);
});

test('AppProject cortex knows what is cluster-wide', () => {
  const clusterWide = KINDS.filter(({ scope }) => scope === 'Cluster').map(({ kind }) => kind);
  const namespaced = allowed('namespaceResourceWhitelist').map(({ kind }) => kind);

  expect(namespaced.filter((kind) => clusterWide.includes(kind as never))).toEqual([]);
});

test('every path that ArgoCD and Flux are sent to is there', () => {
  const texts = [...applications, ...flux].map((one) => JSON.stringify(one));
  const paths = texts.flatMap((text) => [...text.matchAll(/"(?:path|chart)":"(?<path>[^"]+)"/g)]);

  expect(paths.length).toBeGreaterThan(5);
  expect(paths.map(({ groups }) => groups?.['path'] ?? '').filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('Flux waits only for what it has', () => {
  const names = new Set(flux.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  const awaited = flux.flatMap(({ kind, spec }) =>
    ((spec['dependsOn'] ?? []) as { name: string }[]).map(({ name }) => `${kind}/${name}`),
  );

  expect(awaited.filter((name) => !names.has(name))).toEqual([]);
});

test('no example lets ArgoCD replace: that would end a job to begin it anew', () => {
  expect(JSON.stringify([...applications, ...platform, ...jobs])).not.toMatch(/Replace=true|Force=true/);
});
