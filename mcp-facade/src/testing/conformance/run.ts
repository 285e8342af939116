import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { serveMcp } from '../../http/serve.ts';
import { Limits } from '../../limits.ts';
import { Notices } from '../../notices.ts';
import { Toolbox } from '../../toolbox.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { fixtures } from './factory.ts';

/** Runs every scenario that a revision requires of a server against the fixtures, behind the HTTP stack that ships: npm run conformance. */
const cluster = new MemoryCluster();
const limits = new Limits({ perPrincipal: false });
const server = await serveMcp({
  host: '127.0.0.1',
  port: 0,
  names: ['127.0.0.1', 'localhost'],
  toolbox: new Toolbox({ tools: [], cluster, namespace: 'default', granted: [], confirmation: false, limits }),
  factory: fixtures,
  notices: new Notices(cluster),
  peerOf: () => ({ principal: 'conformance' }),
  onError: () => undefined,
});

const { resolve } = createRequire(import.meta.url);
const program = join(dirname(resolve('@modelcontextprotocol/conformance/package.json')), 'dist/index.js');
for (const revision of ['2026-07-28', '2025-11-25']) {
  const args = [program, 'server', '--url', server.url, '--requirements', revision];
  await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
}
await server.close();
process.exit();
