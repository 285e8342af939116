import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { applyManifests, type ControlPlane, installCrds, startControlPlane } from './control-plane/control-plane.ts';
import { type Rendered, rendered, valueSets } from './helm/chart.ts';
import { gitopsCrds, monitoringCrds } from './helm/foreign-crds.ts';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ name: 'chart' });
  await installCrds(plane);
  await installCrds(plane, [...(await monitoringCrds()), ...(await gitopsCrds())]);
  await applyManifests(plane, RESTRICTED);
  // The controllers would make pods for ServiceAccounts that exist.
  const accounts = (await rendered('default')).filter(({ object }) => object.kind === 'ServiceAccount');
  await applyManifests(plane, accounts.map(({ text }) => text).join('\n---\n'));
});
afterAll(() => plane.stop());

/** As an installation of the chart should label its namespace. */
const RESTRICTED = `
apiVersion: v1
kind: Namespace
metadata:
  name: cortex-system
  labels: {pod-security.kubernetes.io/enforce: restricted}
---
apiVersion: v1
kind: Namespace
metadata: {name: argocd}
---
apiVersion: v1
kind: Namespace
metadata: {name: flux-system}
`;

/** Checked in full by the API server, admission included; nothing comes of it. */
const dryRun = async (yaml: string): Promise<string> => {
  const how = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict'];
  return await plane.kubectl(['apply', ...how, '-o', 'name', '-f', '-'], { input: yaml });
};

interface MakesPods {
  metadata: { name: string };
  spec: { template: { metadata: object; spec: object } };
}

const MAKES_PODS = new Set(['Deployment', 'Job']);

/** Pod security looks at pods, and lets whatever makes refused pods pass. */
function podOf(object: Rendered['object']): string {
  const { metadata, spec } = object as unknown as MakesPods;
  const { template } = spec;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: metadata.name, namespace: 'cortex-system' },
    spec: template.spec,
  };
  return stringify(pod, { version: '1.1' }); // as kubectl reads it
}

describe.for(valueSets())('%s', (set) => {
  test('every object is one the API server takes, with no field it does not know', async () => {
    const objects = await rendered(set);
    const named = await dryRun(objects.map(({ text }) => text).join('\n---\n'));

    expect(named.trim().split('\n')).toHaveLength(objects.length);
  });

  test('every pod may run in a namespace under pod security restricted', async () => {
    const pods = (await rendered(set))
      .filter(({ object }) => MAKES_PODS.has(object.kind))
      .map(({ object }) => podOf(object));

    await expect(dryRun(pods.join('\n---\n'))).resolves.toContain('pod/cortex-operator');
  });
});

test('an object with a field that does not exist would be seen', async () => {
  const [deployment] = (await rendered('default')).filter(({ object }) => object.kind === 'Deployment');

  await expect(dryRun(`${deployment?.text}\n  replica: 1\n`)).rejects.toThrow(
    '.spec.replica: field not declared in schema',
  );
});

test('a pod that could become root would be seen', async () => {
  const [deployment] = (await rendered('default')).filter(({ object }) => object.kind === 'Deployment');
  const pod = podOf(deployment?.object as Rendered['object']).replace('runAsNonRoot: true', 'runAsNonRoot: false');

  await expect(dryRun(pod)).rejects.toThrow('violates PodSecurity "restricted');
});

/** Those of examples/gitops whose kinds are served here; HelmReleases are not. */
const forGitOps = (tool: 'argocd' | 'flux'): string[] =>
  globSync(`${tool}/**/*.yaml`, { cwd: GITOPS })
    .toSorted()
    .flatMap((file) => readFileSync(join(GITOPS, file), 'utf8').split(/^---\n/m))
    .filter((text) => !text.includes('kind: HelmRelease'));

const GITOPS = join(import.meta.dirname, '../../examples/gitops');

test.for(['argocd', 'flux'] as const)(
  'what is for %s is what its own CRDs take, with no field they do not know',
  async (tool) => {
    const objects = forGitOps(tool);
    const named = await dryRun(objects.join('\n---\n'));

    expect(objects.length).toBeGreaterThan(3);
    expect(named.trim().split('\n')).toHaveLength(objects.length);
  },
);

test('an Application with a field that does not exist would be seen', async () => {
  const application = forGitOps('argocd').find((text) => text.includes('kind: Application')) ?? '';

  await expect(dryRun(application.replace('syncPolicy:', 'syncPolicies:'))).rejects.toThrow(
    '.spec.syncPolicies: field not declared in schema',
  );
});
