import type { McpServer, McpServerScale } from '@cortex/crds';
import type { SeenServer } from '../../mcp-server/seen.ts';
import { report as ofServer } from '../../mcp-server/status.ts';
import { report as ofWish } from '../../mcp-server-scale/status.ts';
import { accepted, look as lookAtServer, wish, workload } from '../servers.ts';
import { at } from '../world.ts';
import { of, type Recorded } from './moment.ts';

const now = at('10:05:00');
const server = (seen: SeenServer, failure?: unknown): McpServer => ({
  ...seen.server,
  status: ofServer(seen, failure, now) ?? {},
});
const pods = (replicas: number, ready: number) => workload('clock', { replicas, ready });
const running1 = server(lookAtServer());

export const servers: readonly Recorded[] = [
  of('that runs', running1, 'Healthy'),
  of(
    'that nobody wants',
    server(lookAtServer({ workload: pods(0, 0), wishes: [wish('stop', 0)], server: running1 })),
    'Healthy',
  ),
  of('without a pod', server(lookAtServer({ workload: pods(1, 0) })), 'Progressing'),
  of(
    'on its way down',
    server(lookAtServer({ workload: pods(0, 1), wishes: [wish('stop', 0)], server: running1 })),
    'Progressing',
  ),
  of('that is something else', server(lookAtServer({ verdict: { state: 'Wrong', why: 'nginx' } })), 'Degraded'),
  of('without a workload', server(lookAtServer({ workload: undefined })), 'Degraded'),
];

/** The wish, beside a server that already says what all wishes come to. */
const mss = (one: McpServerScale, others: readonly McpServerScale[] = [], when = now): McpServerScale => {
  const all = [one, ...others];
  const seen = { wish: one, server: server(lookAtServer({ wishes: all })), workload: pods(1, 1), wishes: all };
  return { ...one, status: ofWish(seen, when) ?? {} };
};

export const wishes: readonly Recorded[] = [
  of('that counts', mss(wish('w', 1)), 'Healthy'),
  of('that is on its way', mss(wish('w', 3)), 'Progressing'),
  of('that a newer one replaced', mss(wish('w', 1), [wish('newer', 2, { version: 500 })]), 'Suspended'),
  of('that has lapsed', mss(accepted(wish('w', 1, { ttl: '60s' }), at('10:00:00'))), 'Suspended'),
];
