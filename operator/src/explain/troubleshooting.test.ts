import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reason, REASONS } from '@cortex/crds';
import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/troubleshooting.md'), 'utf8');

/** `### ReasonA, ReasonB: what a user reads` */
const headings = [...PAGE.matchAll(/^### (?<reasons>[A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*): /gm)];
const titled = headings.flatMap(({ groups }) => groups?.['reasons']?.split(', ') ?? []);

const TROUBLES = (Object.keys(REASONS) as Reason[]).filter((reason) => adviceFor(reason) !== undefined);

test('every reason that somebody or something must change has a heading in docs/troubleshooting.md, once', () => {
  expect(titled.toSorted()).toEqual(TROUBLES.toSorted());
});
