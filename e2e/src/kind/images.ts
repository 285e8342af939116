import { join } from 'node:path';
import { build } from 'esbuild';
import type { KindCluster } from './kind-cluster.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** What hack/images/Dockerfile begins with. */
export const NODE_IMAGE = 'node:24.21.0-bookworm-slim';

/** The images that a cluster needs, by the process in each. */
const IMAGES = {
  operator: 'cortex-operator:e2e',
  'mcp-facade': 'cortex-mcp-facade:e2e',
  'e2e-mcp-server': 'cortex-e2e-mcp-server:e2e',
} as const;

/** Builds the product's images and that of a small MCP server, by the product's Dockerfile, and brings them onto every node. */
export async function loadImages(kind: KindCluster): Promise<void> {
  await bundleServer();
  for (const [process, tag] of Object.entries(IMAGES)) {
    const target = process === 'e2e-mcp-server' ? 'program' : process;
    const file = ['--file', join(ROOT, 'hack/images/Dockerfile'), '--build-arg', `PROCESS=${process}`];
    await kind.docker(['build', ...file, '--target', target, '--tag', tag, ROOT]);
  }
  await kind.load(...Object.values(IMAGES));
}

/** An MCP server as somebody might run it. */
async function bundleServer(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'mcp-server.ts')],
    outfile: join(ROOT, 'dist/e2e-mcp-server.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
  });
}
