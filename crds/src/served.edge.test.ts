import { afterAll, describe, expect, test } from 'vitest';
import { KINDS } from './kinds.ts';
import { API_VERSION, GROUP } from './names.ts';
import { apiServer, dryRun, pathOf } from './testing/api-server.ts';
import { GOOD } from './testing/bad-input.ts';

const server = apiServer();
afterAll(() => server.close());

describe.for(KINDS)('$kind', (source) => {
  const { kind, plural, spec } = source;

  test('its CRD is established and structural', async () => {
    const { body } = await server.call(
      'GET',
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${GROUP}`,
    );
    const { conditions } = body['status'] as { conditions: { type: string; status: string }[] };

    expect(
      conditions
        .filter(({ status }) => status === 'True')
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['Established', 'NamesAccepted']);
  });

  test('the API server fills in the defaults that zod fills in', async () => {
    const object = { apiVersion: API_VERSION, kind, metadata: { name: 'minimal' }, spec: GOOD[kind] };
    const { body } = await server.call('POST', `${pathOf(source)}${dryRun}`, object);

    expect(body['spec']).toEqual(spec.parse(GOOD[kind]));
  });
});

test.for([
  ['burstworkers', 'spec.pool=burst'],
  ['burstworkers', 'spec.claimRef.name=job-1'],
  ['mcpserverscales', 'spec.serverRef.name=filesystem'],
])('%s can be asked for by %s', async ([plural, selector]) => {
  const path = `/apis/${API_VERSION}/${plural}?fieldSelector=${encodeURIComponent(selector ?? '')}`;
  expect(await server.call('GET', path)).toMatchObject({ status: 200 });
});
