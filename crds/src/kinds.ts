import { allocationKind } from './allocation.ts';
import { burstWorkerKind } from './burst-worker.ts';
import type { KindSource } from './kind.ts';
import { mcpServerKind } from './mcp-server.ts';
import { mcpServerScaleKind } from './mcp-server-scale.ts';
import { nodeDrainKind } from './node-drain.ts';
import { workerPoolKind } from './worker-pool.ts';

/** All kinds, in the order a reader meets them. */
export const KINDS: readonly KindSource[] = [
  workerPoolKind,
  allocationKind,
  burstWorkerKind,
  nodeDrainKind,
  mcpServerKind,
  mcpServerScaleKind,
];

/** The kind of that name. Throws for a name that is none of ours. */
export function kindOf(name: string): KindSource {
  const source = KINDS.find(({ kind }) => kind === name);
  if (source === undefined) throw new Error(`no kind ${name}; there are ${KINDS.map(({ kind }) => kind).join(', ')}`);
  return source;
}

/** The kind that somebody means by this word, as kubectl takes it: its name, its plural, or a short name, in any case. */
export const kindNamed = (word: string): KindSource | undefined =>
  KINDS.find(({ kind, plural, shortNames }) =>
    [kind.toLowerCase(), plural, ...shortNames].includes(word.toLowerCase()),
  );
