import type { Simulation } from './simulation.ts';

/** What can be said of workers at the end, and of their Nodes: whether each is marked, and whether it is cordoned. */
export const workersAndNodes = ({ workers, nodes }: Simulation) => ({
  workers: workers.map(({ metadata, status }) => [metadata.name, status?.phase, status?.vm?.attempt]),
  nodes: nodes.map(({ metadata, spec }) => [
    metadata.name,
    metadata.annotations?.['cortex.automation/worker-uid'] !== undefined,
    spec.unschedulable ?? false,
  ]),
});
