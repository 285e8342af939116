import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * One file a process. Inside @dot-i/k8s-operator only its lifecycle is used, so its Kubernetes clients and its HTTP library
 * are left out: 3 MB less to start, and a proof that its own I/O is unreachable.
 */
const shellOnly: Plugin = {
  name: 'shell-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^(@kubernetes\/client-node|gaxios)$/ }, ({ path, importer }) =>
      importer.includes('@dot-i') ? { path, namespace: 'shell-only' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'shell-only' }, ({ path }) => ({
      contents: path === 'gaxios' ? 'export const instance = {};' : CLIENT,
      resolveDir: process.cwd(),
    }));
  },
};

/** Of the Kubernetes client what reads a kubeconfig: without its models, one for every kind there is. */
const kubeconfigOnly: Plugin = {
  name: 'kubeconfig-only',
  setup(bundler) {
    const path = join(process.cwd(), 'node_modules/@kubernetes/client-node/dist/config.js');
    bundler.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path }));
  },
};

const CLIENT = `
export { KubeConfig } from '@kubernetes/client-node';
export class CoreV1Api {}
export class ApiextensionsV1Api {}
export class Watch {}
export const loadYaml = () => { throw new Error('the shell reads no YAML'); };
`;

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

for (const { entry, outfile, banner } of BUNDLES)
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
    plugins: [shellOnly, kubeconfigOnly],
    banner: { js: banner },
  });

for (const file of ['dist/kubectl-cortex', 'mcp-facade/dist/cortex-mcp.mjs']) chmodSync(file, 0o755);
copyFileSync('LICENSE', 'mcp-facade/dist/LICENSE');
