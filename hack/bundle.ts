import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { LEAN } from './lean.ts';

const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** A program is executed by whatever Node comes first on PATH: kubectl runs its plugins so, and npx its packages. */
const program = (name: string): string => `#!/usr/bin/env node
if (Number(process.versions.node.split('.')[0]) < 22) {
  console.error('${name} needs Node 22 or newer; ' + process.execPath + ' is ' + process.version);
  process.exit(1);
}
${REQUIRE}`;

const BUNDLES = [
  { entry: 'operator/src/main.ts', outfile: 'dist/operator.mjs', banner: REQUIRE },
  { entry: 'mcp-facade/src/main.ts', outfile: 'dist/mcp-facade.mjs', banner: REQUIRE },
  { entry: 'mcp-facade/src/main.ts', outfile: 'mcp-facade/dist/cortex-mcp.mjs', banner: program('cortex-mcp') },
  { entry: 'operator/src/plugin/main.ts', outfile: 'dist/kubectl-cortex', banner: program('kubectl cortex') },
];

for (const { entry, outfile, banner } of BUNDLES) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [...LEAN],
    banner: { js: banner },
  });
  requireAscii(outfile);
}

for (const file of ['dist/kubectl-cortex', 'mcp-facade/dist/cortex-mcp.mjs']) chmodSync(file, 0o755);
copyFileSync('LICENSE', 'mcp-facade/dist/LICENSE');

/** Node keeps the text of a program, at one byte a letter only where no letter is beyond ASCII. */
function requireAscii(file: string): void {
  const found = /.{0,40}[\u0080-\uffff].{0,40}/.exec(readFileSync(file, 'utf8'));
  if (found !== null) throw new Error(`${file} holds a letter beyond ASCII, which takes a MB of memory: ${found[0]}`);
}
