import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generated } from './generated.ts';

const ROOT = join(import.meta.dirname, '../..');

test.for([...(await generated())])('%s is committed as it is generated', ([path, text]) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
});
