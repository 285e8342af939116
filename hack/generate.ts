import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { valuesFiles } from './chart/values-files.ts';

const ROOT = join(import.meta.dirname, '..');

for (const [path, text] of valuesFiles()) writeFileSync(join(ROOT, path), text);
