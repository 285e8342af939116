import { type Allocation, Allocations } from '@cortex/crds';
import type { Cluster } from '@cortex/e2e/system/cluster';
import { listening } from '@cortex/e2e/system/mcp-clients';

/** Milliseconds from before a change of a status is sent to the API server until a client that listens has heard of it, one after another. */
export async function noticeTimes(cluster: Cluster, url: string, names: readonly string[]): Promise<number[]> {
  const uris = names.map((name) => `cortex://allocations/default/${name}`);
  const waiting = new Map<string, () => void>();
  const client = await listening(url, uris, (uri) => waiting.get(uri)?.());
  const took: number[] = [];
  for (const [i, name] of names.entries()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(uris[i] ?? '', resolve);
    const startedAt = performance.now();
    await cluster.client.patch<Allocation>(Allocations, `default/${name}`, { status: { phase: 'Pending' } }, 'status');
    await promise;
    took.push(performance.now() - startedAt);
  }
  await client.close();
  return took;
}
