import type { Tool } from '../tool.ts';
import { destroyWorker } from './destroy-worker.ts';
import { drainWorker } from './drain-worker.ts';
import { getAllocation } from './get-allocation.ts';
import { getCapacity } from './get-capacity.ts';
import { getMcpStatus } from './get-mcp-status.ts';
import { getWorkerCapacity } from './get-worker-capacity.ts';
import { getWorkerDetails } from './get-worker-details.ts';
import { listAllocations } from './list-allocations.ts';
import { listMcpServers } from './list-mcp-servers.ts';
import { listWorkers } from './list-workers.ts';
import { provisionWorkers } from './provision-workers.ts';
import { releaseResources } from './release-resources.ts';
import { requestResources } from './request-resources.ts';
import { scaleMcp } from './scale-mcp.ts';
import { startMcp } from './start-mcp.ts';
import { stopMcp } from './stop-mcp.ts';

/** Every tool, in the order in which clients see them. */
export const TOOLS: readonly Tool[] = [
  requestResources,
  releaseResources,
  getAllocation,
  listAllocations,
  getCapacity,
  listMcpServers,
  getMcpStatus,
  startMcp,
  stopMcp,
  scaleMcp,
  listWorkers,
  provisionWorkers,
  drainWorker,
  destroyWorker,
  getWorkerDetails,
  getWorkerCapacity,
];
