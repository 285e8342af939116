import { defineConfig } from 'vitest/config';

/**
 * Four tiers: pure files need nothing, edge files a control plane, stories a control plane with the product running on it,
 * kind files a cluster whose pods are real.
 */
export default defineConfig({
  test: {
    // Stories wait more than they work: one at a time would leave half of two cores idle.
    maxWorkers: 2,
    reporters: ['default', './hack/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'pure',
          include: ['{crds,operator,mcp-facade,e2e}/src/**/*.test.ts', '{hack,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{edge,story,kind}.test.ts'],
        },
      },
      {
        test: {
          name: 'edge',
          include: ['{crds,operator,mcp-facade,e2e}/src/**/*.edge.test.ts'],
          globalSetup: ['e2e/src/control-plane/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'story',
          include: ['e2e/src/**/*.story.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'kind',
          include: ['e2e/src/**/*.kind.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 2_400_000,
        },
      },
    ],
  },
});
