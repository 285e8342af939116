import { TOOLS } from '../tools/all.ts';
import { Toolbox } from '../toolbox.ts';
import { MemoryCluster } from './memory-cluster.ts';

/** The time of every test that asks. */
export const NOW = new Date('2026-01-01T12:00:00Z');

export interface Asking {
  readonly cluster: MemoryCluster;
  /** What was told of progress. */
  readonly progress: string[];
  /** The result of a call by this principal, with isError beside its keys. */
  readonly ask: (name: string, args?: Record<string, unknown>, principal?: string) => Promise<Record<string, unknown>>;
}

/** All tools over a cluster in memory, asked without a transport. */
export function asking(cluster = new MemoryCluster()): Asking {
  const toolbox = new Toolbox({ tools: TOOLS, cluster, namespace: 'default', now: () => NOW });
  const progress: string[] = [];
  return {
    cluster,
    progress,
    ask: async (name, args = {}, principal = 'tester') => {
      const result = await toolbox.call(name, args, {
        caller: { principal, client: 'test/1' },
        signal: new AbortController().signal,
        progress: (message) => void progress.push(message),
      });
      if (result === undefined) throw new Error(`there is no tool ${name}`);
      return { ...(result.structuredContent as Record<string, unknown>), isError: result.isError ?? false };
    },
  };
}
