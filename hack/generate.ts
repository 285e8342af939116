import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './chart/generated.ts';

const ROOT = join(import.meta.dirname, '..');

for (const [path, text] of await generated()) writeFileSync(join(ROOT, path), text);
