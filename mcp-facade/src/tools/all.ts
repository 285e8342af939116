import type { Tool } from '../tool.ts';
import { getAllocation } from './get-allocation.ts';
import { getCapacity } from './get-capacity.ts';
import { releaseResources } from './release-resources.ts';
import { requestResources } from './request-resources.ts';

/** Every tool, in the order in which clients see them. */
export const TOOLS: readonly Tool[] = [requestResources, releaseResources, getAllocation, getCapacity];
