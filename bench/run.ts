import { b0 } from './b0.ts';
import { b1a } from './b1a.ts';
import { b1b } from './b1b.ts';
import { b1c } from './b1c.ts';
import { b2 } from './b2.ts';
import { b3 } from './b3.ts';
import { b4 } from './b4.ts';
import { b5 } from './b5.ts';
import { b7 } from './b7.ts';
import { s1 } from './s1.ts';
import { s2 } from './s2.ts';
import { s3 } from './s3.ts';
import { type Benchmark, lineOf, type Measured } from './harness/measured.ts';
import { isChosen, optionsFrom } from './harness/options.ts';
import { placeNow } from './harness/place.ts';
import { table } from './harness/table.ts';

const BENCHMARKS: readonly Benchmark[] = [b0, b1a, b1b, b1c, b2, b3, b4, b5, b7, s1, s2, s3];

process.exitCode = await main().catch((error: unknown) => {
  say(error);
  return 1;
});

/** Every figure as a line of JSON when it is taken, all of them in a table at the end; 1 when a load did not complete. */
async function main(): Promise<number> {
  const options = optionsFrom(process.env);
  const chosen = BENCHMARKS.filter(({ id }) => isChosen(id, options));
  if (chosen.length === 0)
    throw new Error(`BENCH=${options.only.join(',')}: there are ${BENCHMARKS.map(({ id }) => id).join(', ')}`);
  const figures: Measured[] = [];
  const incomplete: string[] = [];
  for (const { id, title, run } of chosen) {
    console.error(`${id}: ${title}`);
    await run(options, (measured) => {
      figures.push(measured);
      console.log(lineOf(measured, placeNow(), options));
    }).catch((error: unknown) => {
      incomplete.push(id);
      say(error);
    });
  }
  console.log(`\n${table(figures)}`);
  if (incomplete.length > 0) console.error(`\nnot completed: ${incomplete.join(', ')}`);
  return incomplete.length === 0 ? 0 : 1;
}

function say(error: unknown): void {
  for (let each = error; each instanceof Error; each = each.cause) console.error(each.message);
}
