import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE_FLAGS } from './daemon.ts';

test.for([
  ['operator', 'program'],
  ['mcp-facade', 'mcp-facade'],
] as const)('here %s runs with the flags of its image', ([name, stage]) => {
  const file = readFileSync(join(import.meta.dirname, '../../../hack/images/Dockerfile'), 'utf8');
  const [, entrypoint = ''] = /^ENTRYPOINT (.*)$/m.exec(file.split(`AS ${stage}\n`)[1] ?? '') ?? [];

  expect(JSON.parse(entrypoint)).toEqual(['node', ...NODE_FLAGS[name], '/app/main.mjs']);
});
