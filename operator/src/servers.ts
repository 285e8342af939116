import { Exchange } from './mcp-server/exchange.ts';
import { McpServerRoom } from './mcp-server/controller.ts';
import { ring } from './mcp-server/doorbell.ts';
import { Lookout } from './mcp-server/lookout.ts';
import { Prober } from './mcp-server/prober.ts';
import { parseSelector } from './mcp-server/selector.ts';
import { Witness } from './mcp-server/witness.ts';
import { McpServerScaleRoom } from './mcp-server-scale/controller.ts';
import type { OperatorParts } from './operator.ts';
import { queueOf } from './queues.ts';
import { WorkQueue } from './runtime/work-queue.ts';
import { wireServers } from './wire-servers.ts';

/** How many keys are worked on at once, and how many servers are asked at once. */
const WIDTH = { server: 64, wish: 32, probe: 32 } as const;

/** The work queues of McpServers and of wishes about them, and the one that asks servers for a handshake. */
export function serverQueues(parts: OperatorParts): WorkQueue[] {
  const { kinds, client, clock } = parts;
  const now = (): Date => clock.now();
  const labelled = parseSelector(parts.mcpSelector);
  const exchange = new Exchange();
  const prober = new Prober({
    handshake: (question) => ring(client, exchange, question),
    hurry: (key) => probe.add(key),
    changed: (key) => server.add(key),
  });
  const probe = new WorkQueue({
    name: 'mcp-probe',
    workers: WIDTH.probe,
    reconcile: (key) => prober.pass(key),
    observer: parts.metrics.queue('mcp-probe'),
  });
  const witness = new Witness(kinds, now);
  const lookout = new Lookout({ kinds, prober, witness, labelled, now });
  const server = queueOf(new McpServerRoom({ kinds, lookout, witness, tell: parts.tell }), WIDTH.server, parts);
  const wish = queueOf(new McpServerScaleRoom(kinds), WIDTH.wish, parts);
  wireServers(kinds, labelled, { server: (key) => server.add(key), wish: (key) => wish.add(key) });
  return [server, wish, probe];
}
