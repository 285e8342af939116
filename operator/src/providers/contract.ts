import { create } from './contract/create.ts';
import type { Case } from './contract/harness.ts';
import { look } from './contract/look.ts';
import { remove } from './contract/remove.ts';
import { robust } from './contract/robust.ts';

/**
 * What every provider promises, by number; each case takes a harness of its own. It needs no test runner, so that
 * authors of providers elsewhere can run it too. What only some providers can promise has tables of its own:
 * those that make Nodes (`contract/nodes.ts`), and those with tasks and locks (`contract/tasks.ts`).
 */
export const contract: readonly Case[] = [...create, ...look, ...remove, ...robust];
