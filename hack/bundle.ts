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

const CLIENT = `
export { KubeConfig } from '@kubernetes/client-node';
export class CoreV1Api {}
export class ApiextensionsV1Api {}
export class Watch {}
export const loadYaml = () => { throw new Error('the shell reads no YAML'); };
`;

const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

for (const [entry, name] of [
  ['operator/src/main.ts', 'operator'],
  ['mcp-facade/src/main.ts', 'mcp-facade'],
] as const)
  await build({
    entryPoints: [entry],
    outfile: `dist/${name}.mjs`,
    bundle: true,
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [shellOnly],
    banner: { js: BANNER },
  });
