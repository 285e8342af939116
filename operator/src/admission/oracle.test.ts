import { expect, test } from 'vitest';
import { ledger } from './ledger.ts';
import { Model } from '../testing/model/model.ts';
import { candidatesOf, expectedOf, usedIn } from '../testing/model/oracle.ts';
import { Chance } from '../testing/random.ts';

/** ORACLE_STEPS=1000000 for the long run, ORACLE_SEED for another one. */
const STEPS = Number(process.env['ORACLE_STEPS'] ?? 100_000);
const SEED = Number(process.env['ORACLE_SEED'] ?? 20_300_101);

const names = (all: Iterable<string>): string => [...all].toSorted().join(' ');

test(`A1, A4, A5, A6: over ${STEPS} steps the office decides as one who looks at everybody every time (seed ${SEED})`, {
  timeout: 900_000,
}, () => {
  const model = new Model(new Chance(SEED));
  let [passes, admissions, failures] = [0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const before = usedIn(model);
    if (model.step()) {
      const expected = expectedOf(model);
      const verdicts = model.decide();
      const admitted = verdicts.filter(({ kind }) => kind === 'Claim' || kind === 'Reserve' || kind === 'AdmitWorker');
      const failed = verdicts.filter(({ kind }) => kind === 'Fail');
      const told = (some: typeof verdicts) => names(some.map(({ candidate }) => candidate.metadata.name));
      if (told(admitted) !== names(expected.admitted) || told(failed) !== names(expected.failed))
        throw new Error(
          `step ${step}: admitted ${told(admitted)}, expected ${names(expected.admitted)}; failed ${told(failed)}, expected ${names(expected.failed)}\n${JSON.stringify(candidatesOf(model))}`,
        );
      model.carryOut(verdicts);
      passes++;
      admissions += admitted.length;
      failures += failed.length;
    }
    const [now, { limits }] = [usedIn(model), model.pool.spec];
    const overrun = now.workers > (limits?.workers ?? 0) || now.cpu > Number(limits?.cpu);
    if (overrun && (now.workers > before.workers || now.cpu > before.cpu))
      throw new Error(`step ${step} overruns: ${JSON.stringify({ before, now, limits })}`);
    const scratch = ledger(model.pool, [...model.workers.values()], [...model.allocations.values()]);
    if (!model.office.books.of('burst').agrees(scratch)) throw new Error(`step ${step}: the ledger drifted`);
  }

  expect(passes).toBeGreaterThan(STEPS / 5);
  expect(admissions).toBeGreaterThan(STEPS / 50);
  expect(failures).toBeGreaterThan(STEPS / 500);
});
