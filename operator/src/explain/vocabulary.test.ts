import { join } from 'node:path';
import { REASONS } from '@cortex/crds';
import { expect, test } from 'vitest';
import { codeOf, sourcesIn } from '../testing/imports.ts';

const HERE = join(import.meta.dirname, '..');

/** Everything that speaks; advice speaks of every reason. */
const speaking = sourcesIn(HERE).filter((file) => file !== 'explain/advice.ts');

test('A2: every reason of the closed table is said somewhere', () => {
  const code = speaking.map((file) => codeOf(HERE, file)).join('\n');

  expect(Object.keys(REASONS).filter((reason) => !code.includes(`'${reason}'`))).toEqual([]);
});
