import { vi } from 'vitest';
import { KubeError } from '../../kube/errors.ts';
import { at } from '../world.ts';
import type { Call } from './line-to.ts';
import { overrunsOf } from './overruns.ts';
import { Simulation } from './simulation.ts';

/** A story that must end the same whatever goes wrong in it once. */
export interface Scenario {
  readonly begin: (simulation: Simulation) => void | Promise<void>;
  /** What is troubled begins here. */
  readonly goOn: (simulation: Simulation) => void;
  readonly isOver: (simulation: Simulation) => boolean;
  /** The kinds whose calls go wrong; where the provider keeps its machines is one of them. Ours about Allocations unless said. */
  readonly concerns?: readonly string[];
  /** MCP servers are played as well. */
  readonly servers?: boolean;
  /** Machines are made by a hypervisor whose calls, about `machines`, may go wrong too. */
  readonly cloud?: boolean;
  /** How long to look on after that; a minute unless said. */
  readonly afterMs?: number;
  /** What can be said of the end; the same for every run. */
  readonly told: (simulation: Simulation) => unknown;
}

/** What happens to a call: before it reaches the server, or after the server did it. Throwing loses the call, or its answer. */
export interface Trouble {
  readonly name: string;
  readonly before?: (simulation: Simulation) => void | Promise<void>;
  readonly after?: (simulation: Simulation) => void | Promise<void>;
}

/** A kill before the call reaches the server, a kill after the server did it, an answer that is lost. */
export const CRASHES: readonly Trouble[] = [
  { name: 'killed before', before: kill },
  { name: 'killed after', after: kill },
  {
    name: 'answer lost',
    after: () => {
      throw new KubeError('troubled', { status: 0, reason: 'Timeout', message: 'as planned' });
    },
  },
];

async function kill(simulation: Simulation): Promise<never> {
  await simulation.restart();
  return await new Promise<never>(() => undefined);
}

export interface Run {
  readonly trouble: string;
  readonly told: unknown;
  readonly overruns: readonly string[];
}

/** Runs a scenario without trouble, and then once for each call about the kinds it is about and each trouble with it. */
export async function sweep(
  scenario: Scenario,
  troubles = CRASHES,
): Promise<{ readonly calm: Run; readonly others: Run[] }> {
  const { run: calm, calls } = await runOnce(scenario);
  const others: Run[] = [];
  for (let nth = 1; nth <= calls; nth++)
    for (const trouble of troubles) others.push((await runOnce(scenario, nth, trouble)).run);
  return { calm, others };
}

/** Those that ended otherwise than without trouble, or overran the limits of a pool on the way. */
export const misfits = ({ calm, others }: { readonly calm: Run; readonly others: readonly Run[] }): Run[] =>
  others.filter(({ told, overruns }) => JSON.stringify(told) !== JSON.stringify(calm.told) || overruns.length > 0);

async function runOnce(scenario: Scenario, nth = 0, trouble?: Trouble): Promise<{ run: Run; calls: number }> {
  vi.useFakeTimers({ now: at('10:00:00') });
  try {
    const simulation = new Simulation({ servers: scenario.servers, cloud: scenario.cloud });
    const overruns = overrunsOf(simulation.server);
    await scenario.begin(simulation);
    const misfortune = new Misfortune(simulation, new Set(scenario.concerns ?? CONCERNS), nth, trouble);
    scenario.goOn(simulation);
    await simulation.until(() => scenario.isOver(simulation), `the end, in spite of: ${misfortune.said}`, 1_800_000);
    await simulation.pass(scenario.afterMs ?? 60_000);
    return { run: { trouble: misfortune.said, told: scenario.told(simulation), overruns }, calls: misfortune.calls };
  } finally {
    vi.useRealTimers();
  }
}

const CONCERNS = ['allocations', 'burstworkers', 'mcpserverscales', 'workerpools'];

/** Counts calls, and does its worst with one of them. */
class Misfortune {
  calls = 0;
  said = 'nothing';
  readonly #simulation: Simulation;
  readonly #concerns: ReadonlySet<string>;
  readonly #nth: number;
  readonly #trouble: Trouble | undefined;
  #struck: unknown;

  constructor(simulation: Simulation, concerns: ReadonlySet<string>, nth: number, trouble: Trouble | undefined) {
    this.#simulation = simulation;
    this.#concerns = concerns;
    this.#nth = nth;
    this.#trouble = trouble;
    simulation.operator.line.trouble = {
      before: async (call) => await this.#before(call),
      after: async (call) => await this.#after(call),
    };
  }

  async #before(call: Omit<Call, 'code'>): Promise<void> {
    if (!this.#concerns.has(call.resource) || ++this.calls !== this.#nth) return;
    this.#struck = call;
    this.said = `${this.#trouble?.name} ${call.verb} ${call.resource} ${call.name} (call ${this.calls})`;
    await this.#trouble?.before?.(this.#simulation);
  }

  async #after(call: Omit<Call, 'code'>): Promise<void> {
    if (call === this.#struck) await this.#trouble?.after?.(this.#simulation);
  }
}
