import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { KINDS } from './kinds.ts';
import { API_VERSION } from './names.ts';
import { structural } from './structural.ts';
import { type Answer, apiServer, dryRun, pathOf } from './testing/api-server.ts';
import { valueOf } from './testing/arbitrary.ts';
import { mutated } from './testing/mutated.ts';
import { wholeOf } from './testing/whole.ts';

const RUNS = 300;
const SEED = 1;

const server = apiServer();
afterAll(() => server.close());

const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('small', 'burst', 'job-1') },
  fc.constantFrom('a'.repeat(40), 'a'.repeat(41), 'a'.repeat(63), 'a'.repeat(64)),
);

/** Where chance alone seldom finds what fits together. */
const FITTING: Record<string, object> = {
  WorkerPool: {
    class: 'Spot',
    provider: { type: 'Qemu' },
    sizes: undefined,
    defaultSize: 'large',
    nodeSelector: undefined,
  },
};

describe.for(KINDS)('$kind', (source) => {
  const whole = wholeOf(source);
  const any = valueOf(structural(source.spec));
  const fitting = any.map((spec) => ({ ...(spec as object), ...FITTING[source.kind] }));
  const specs = fc.oneof(any, fitting);
  const objects = fc
    .tuple(names, fc.oneof(specs, mutated(specs), mutated(mutated(specs))))
    .map(([name, spec]) => ({ apiVersion: API_VERSION, kind: source.kind, metadata: { name }, spec }));

  test('what zod accepts the API server accepts, and nothing else; both fill in the same defaults', async () => {
    const sample = fc.sample(objects, { numRuns: RUNS, seed: SEED });
    const verdicts = await Promise.all(
      sample.map(async (object) => ({
        object,
        zod: whole.safeParse(object),
        answer: await server.call('POST', `${pathOf(source)}${dryRun}`, object),
      })),
    );
    const accepted = verdicts.filter(({ zod }) => zod.success);

    expect(verdicts.filter(({ answer }) => ![201, 400, 422].includes(answer.status))).toEqual([]);
    expect(verdicts.filter(({ zod, answer }) => zod.success !== (answer.status === 201)).map(difference)).toEqual([]);
    expect(accepted.map(({ answer }) => answer.body['spec'])).toEqual(accepted.map(({ zod }) => zod.data?.spec));
    expect(accepted.length).toBeGreaterThan(RUNS / 8);
    expect(accepted.length).toBeLessThan(RUNS - RUNS / 8);
  });
});

interface Verdict {
  readonly object: unknown;
  readonly zod: z.ZodSafeParseResult<{ spec: unknown }>;
  readonly answer: Answer;
}

const difference = ({ object, zod, answer }: Verdict): string =>
  [
    JSON.stringify(object),
    `zod: ${zod.error === undefined ? 'accepted' : z.prettifyError(zod.error)}`,
    `API server: ${answer.status === 201 ? 'accepted' : (answer.body.message ?? '')}`,
  ].join('\n');
