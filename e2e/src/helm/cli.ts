import { writeFileSync } from 'node:fs';
import { renderedFiles } from './written.ts';

for (const [file, text] of await renderedFiles()) writeFileSync(file, text);
