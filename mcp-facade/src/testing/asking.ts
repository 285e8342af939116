import { AskUser } from '../confirm.ts';
import { Limits } from '../limits.ts';
import { grantsOf } from '../profiles.ts';
import { TOOLS } from '../tools/all.ts';
import { Toolbox } from '../toolbox.ts';
import { MemoryCluster } from './memory-cluster.ts';

/** The time of every test that asks. */
export const NOW = new Date('2026-01-01T12:00:00Z');

export interface Asking {
  readonly cluster: MemoryCluster;
  /** The time, for tests that let it pass. */
  readonly now: { at: Date };
  /** What was told of progress. */
  readonly progress: string[];
  /** The result of a call by this principal, with isError beside its keys. */
  readonly ask: (name: string, args?: Record<string, unknown>, principal?: string) => Promise<Record<string, unknown>>;
}

/** All tools over a cluster in memory, asked without a transport. */
export function asking({ confirmation = false, cluster = new MemoryCluster() } = {}): Asking {
  const now = { at: NOW };
  const toolbox = new Toolbox({
    tools: TOOLS,
    cluster,
    namespace: 'default',
    granted: grantsOf('admin'),
    confirmation,
    limits: new Limits({ perPrincipal: false }),
    now: () => now.at,
  });
  const progress: string[] = [];
  return {
    cluster,
    now,
    progress,
    ask: async (name, args = {}, principal = 'tester') => {
      const result = await toolbox.call(name, args, {
        caller: { principal, client: 'test/1' },
        signal: new AbortController().signal,
        progress: (message) => void progress.push(message),
      });
      if (result === undefined || result instanceof AskUser) throw new Error(`${name} has no result`);
      return { ...(result.structuredContent as Record<string, unknown>), isError: result.isError ?? false };
    },
  };
}
