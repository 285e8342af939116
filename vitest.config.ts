import { defineConfig } from 'vitest/config';

/** Files that compute are run first, one on each of two cores; stories wait for a ttl or a Node more than they work. */
const WORKING = { maxWorkers: 2, sequence: { groupOrder: 0 } };
const WAITING = { maxWorkers: 4, sequence: { groupOrder: 1 } };

/**
 * Four tiers: pure files need nothing, edge files a control plane, stories a control plane with the product running on it,
 * kind files a cluster whose pods are real.
 */
export default defineConfig({
  test: {
    reporters: ['default', './hack/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'pure',
          // Histories and properties take seconds, several times as many on a busy machine, which is no failure.
          testTimeout: 60_000,
          ...WORKING,
          include: ['{crds,operator,mcp-facade,e2e}/src/**/*.test.ts', '{hack,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{edge,story,kind}.test.ts'],
        },
      },
      {
        test: {
          name: 'edge',
          ...WORKING,
          include: ['{crds,operator,mcp-facade,e2e}/src/**/*.edge.test.ts'],
          globalSetup: ['e2e/src/control-plane/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'story',
          ...WAITING,
          include: ['e2e/src/**/*.story.test.ts'],
          // Where tests of a file run at once, each of them waits more than it works.
          maxConcurrency: 10,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'kind',
          ...WAITING,
          include: ['e2e/src/**/*.kind.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 2_400_000,
        },
      },
    ],
  },
});
