import { onTestFinished } from 'vitest';
import type { Gate } from '../http/gate.ts';
import { serveMcp } from '../http/serve.ts';
import { Limits } from '../limits.ts';
import { Notices } from '../notices.ts';
import { peerOfToken } from '../peer.ts';
import { grantsOf } from '../profiles.ts';
import { Resources } from '../resources.ts';
import { factoryOver } from '../server.ts';
import type { Tool } from '../tool.ts';
import { TOOLS } from '../tools/all.ts';
import { Toolbox } from '../toolbox.ts';
import { MemoryCluster } from './memory-cluster.ts';

export interface Served {
  readonly url: string;
  readonly cluster: MemoryCluster;
  /** What it reported of requests it refused. */
  readonly errors: Error[];
}

interface Serving {
  readonly tools?: readonly Tool[];
  readonly confirmation?: boolean;
  readonly gate?: Gate;
  readonly cluster?: MemoryCluster;
}

/** The facade on a port of its own, over a cluster in memory, until the test ends. */
export async function served({
  tools = TOOLS,
  confirmation = false,
  gate,
  cluster = new MemoryCluster(),
}: Serving = {}): Promise<Served> {
  const peerOf = gate === undefined ? () => ({ principal: 'tester' }) : peerOfToken;
  const errors: Error[] = [];
  const toolbox = new Toolbox({
    tools,
    cluster,
    namespace: 'default',
    granted: grantsOf('admin'),
    confirmation,
    limits: new Limits({ perPrincipal: false }),
  });
  const notices = new Notices(cluster);
  const server = await serveMcp({
    host: '127.0.0.1',
    port: 0,
    names: ['127.0.0.1', 'localhost'],
    toolbox,
    factory: factoryOver({ toolbox, resources: new Resources(cluster, toolbox), peerOf: (of) => peerOf(of.authInfo) }),
    notices,
    peerOf,
    gate,
    onError: (error) => void errors.push(error),
  });
  onTestFinished(async () => {
    notices.close();
    await server.close();
  });
  return { url: server.url, cluster, errors };
}
