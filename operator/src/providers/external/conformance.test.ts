import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { selfSigned } from '../../testing/certificate.ts';
import { ExternalService } from '../../testing/external/service.ts';
import { connect } from '../proxmox/trust.ts';
import { ExternalClient, sendOver } from './client.ts';
import { conformance } from './conformance.ts';
import { ExternalProvider } from './external.ts';
import { Machine } from './wire.ts';

async function world(spoiled: (service: ExternalService) => void = () => undefined) {
  let now = Date.parse('2026-01-01T10:00:00Z');
  const certificate = selfSigned('service');
  const service = await ExternalService.start(() => new Date(now), certificate);
  const dispatcher = connect({ caBundle: certificate.cert, insecureSkipVerify: false });
  onTestFinished(async () => {
    await dispatcher.close();
    await service[Symbol.asyncDispose]();
  });
  spoiled(service);
  const asked = (key: string) =>
    new ExternalProvider(new ExternalClient(sendOver(dispatcher, service.url, key, () => new Date(now))));
  return {
    service,
    provider: asked(service.key),
    stranger: asked('not-the-key'),
    now: () => new Date(now),
    pass: async (ms: number) => void (now += ms),
  };
}

describe('the reference service keeps', () => {
  test.for(conformance)('$title', async ({ run }) => {
    const { service, ...asked } = await world();
    await expect(run(asked)).resolves.toBeUndefined();
    expect(service.machines.size).toBe(0);
  });
});

test('a service that shows machines of other clusters is found out', async () => {
  const { service, ...asked } = await world((each) => {
    const list = each.machines.values.bind(each.machines);
    each.machines.values = () => list().map((machine) => ({ ...machine, clusterId: 'conformance-other' }));
  });
  const broken = await Promise.all(
    conformance.map(
      async ({ title, run }) =>
        await run(asked).then(
          () => [],
          () => [title],
        ),
    ),
  );

  expect(broken.flat()).toContain(
    '18, 25: it is listed for its cluster alone, and another cluster neither sees nor ends it',
  );
  expect(service.machines.size).toBe(0);
});

describe('docs/providers/external.yaml', () => {
  const page = parse(readFileSync(join(import.meta.dirname, '../../../../docs/providers/external.yaml'), 'utf8')) as {
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, { required: string[]; properties: Record<string, { enum?: string[] }> }> };
  };

  test('describes the calls that are made, and no other', async () => {
    const { service, ...asked } = await world();
    for (const { run } of conformance) await run(asked);
    const described = Object.entries(page.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).flatMap((verb) => (verb === 'parameters' ? [] : `${verb} ${path}`)),
    );

    expect(new Set(described)).toEqual(service.calls);
  });

  test('describes a machine as it is read', () => {
    const { required, properties } = page.components.schemas['Machine'] ?? { required: [], properties: {} };
    const sample = Object.fromEntries(required.map((name) => [name, properties[name]?.enum?.[0] ?? 'x']));

    expect(Machine.safeParse(sample).success).toBe(true);
    for (const name of required) expect(Machine.safeParse({ ...sample, [name]: undefined }).success).toBe(false);
    for (const state of properties['state']?.enum ?? [])
      expect(Machine.safeParse({ ...sample, state }).success).toBe(true);
  });
});
