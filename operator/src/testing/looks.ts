import type { Allocation, McpServer, McpServerScale } from '@cortex/crds';
import type { Seen, SeenServer } from '../allocation/seen.ts';
import { namesOf, pool } from './world.ts';

/** One look at an Allocation: every claimed worker's Node is marked, and nothing else is there, unless said. */
export const look = (allocation: Allocation, more: Partial<Seen> = {}): Seen => ({
  allocation,
  pool: pool('burst'),
  claimed: [],
  named: [],
  marked: new Set(namesOf(more.claimed ?? [])),
  servers: [],
  countedByPool: true,
  taker: undefined,
  frozen: undefined,
  forecast: undefined,
  ...more,
});

/** A server that an Allocation names: running and wished for, unless said. */
export const server = (
  name: string,
  { phase = 'Running', wished = true }: { phase?: 'Running' | 'Stopped' | 'missing'; wished?: boolean } = {},
): SeenServer => ({
  name,
  server:
    phase === 'missing'
      ? undefined
      : ({ metadata: { name }, status: { phase, endpoints: [`http://${name}:80`] } } as McpServer),
  wish: wished ? ({ metadata: { name: `wish-${name}` } } as McpServerScale) : undefined,
});
