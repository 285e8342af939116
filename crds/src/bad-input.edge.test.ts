import { afterAll, describe, expect, test } from 'vitest';
import { kindOf } from './kinds.ts';
import { API_VERSION } from './names.ts';
import { type Answer, apiServer, dryRun, pathOf } from './testing/api-server.ts';
import { GOOD, WRONG } from './testing/bad-input.ts';

const server = apiServer();
afterAll(() => server.close());

const create = (kind: string, spec: object | undefined, name = 'given'): Promise<Answer> =>
  server.call('POST', `${pathOf(kindOf(kind))}${dryRun}`, { apiVersion: API_VERSION, kind, metadata: { name }, spec });

test.for(Object.entries(GOOD))('a plain %s is accepted', async ([kind, spec]) => {
  expect(await create(kind, spec)).toMatchObject({ status: 201 });
});

describe.for(Object.entries(WRONG))('%s refuses, naming field and rule,', ([kind, cases]) => {
  test.for(cases)('%s', async ([, spec, field, rule]) => {
    const { status, body } = await create(kind, { ...GOOD[kind], ...spec });

    expect([400, 422]).toContain(status);
    expect(body.message).toContain(field);
    expect(body.message).toContain(rule);
  });
});

test.for([
  ['Allocation', '', 'name or generateName is required'],
  ['Allocation', 'Job_1', 'metadata.name: Invalid value: "Job_1": a lowercase RFC 1123 subdomain'],
  ['Allocation', 'a'.repeat(64), 'metadata.name must be at most 63 characters'],
  ['WorkerPool', 'a'.repeat(41), 'metadata.name must be at most 40 characters'],
  ['BurstWorker', 'a'.repeat(64), 'metadata.name must be at most 63 characters'],
  ['McpServer', 'a'.repeat(64), 'metadata.name must be at most 63 characters'],
] as const)('%s refuses the name "%s"', async ([kind, name, rule]) => {
  const { status, body } = await create(kind, GOOD[kind], name);

  expect(status).toBe(422);
  expect(body.message).toContain(rule);
});
