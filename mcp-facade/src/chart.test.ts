import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configFrom } from './config.ts';

const CHART = join(import.meta.dirname, '../../charts/cortex-resource-manager/ci');

interface Deployment {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [Container] } } };
}
interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** What the facade is set to where the chart is installed with these values. */
function installed(values: string) {
  const documents = parseAllDocuments(readFileSync(join(CHART, `${values}-rendered.yaml`), 'utf8'));
  const facade = documents
    .map((document) => document.toJS() as Deployment)
    .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'cortex-facade');
  const [container] = facade?.spec.template.spec.containers ?? [];
  return configFrom(Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value])));
}

const SERVICE = 'cortex-resource-manager-mcp-server.cortex-system.svc';

test('as the chart installs it without an issuer, it is reached by port-forward and by nothing else', () => {
  const { mcp, oidc, profile } = installed('default');

  expect(oidc).toBeUndefined();
  expect(mcp).toMatchObject({ host: '127.0.0.1', port: 3000 });
  expect(mcp.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']));
  expect(profile).toBe('readonly');
});

test('with an issuer it is reached at its Service, and at the address tokens are issued for', () => {
  const { mcp, oidc } = installed('oidc');

  expect(mcp.host).toBe('0.0.0.0');
  expect(mcp.names).toEqual(expect.arrayContaining(['127.0.0.1', SERVICE, oidc?.audience.hostname ?? 'none']));
});
