import { formatMemory } from '@cortex/crds';
import { bytes, cores, milliCores } from '../admission/amount.ts';
import type { Pod } from '../kube/core.ts';

/** What pods ask for, in milli-cores and bytes. */
export interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

type Container = Pod['spec']['containers'][number];
type Words = Readonly<Record<string, string>> | undefined;

const NONE: Requests = { cpu: 0, memory: 0 };

/**
 * What the scheduler reserves for a pod: what it says as a whole, else its containers together, or an init container with the
 * sidecars that run beside it where that is more; and its overhead.
 */
export function requestsOf({ spec }: Pod): Requests {
  const sidecars: Requests[] = [];
  const peaks = (spec.initContainers ?? []).map((container) => {
    const own = ofContainer(container);
    if (container.restartPolicy === 'Always') sidecars.push(own);
    return container.restartPolicy === 'Always' ? sum(sidecars) : sum([...sidecars, own]);
  });
  const together = sum([...spec.containers.map(ofContainer), ...sidecars]);
  const whole = read(spec.resources?.requests, peaks.reduce(most, together));
  return sum([whole, read(spec.overhead, NONE)]);
}

export const sum = (all: readonly Requests[]): Requests =>
  all.reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), NONE);

/** As quantities. */
export const asWords = ({ cpu, memory }: Requests) => ({ cpu: cores(cpu), memory: formatMemory(memory) });

const most = (a: Requests, b: Requests): Requests => ({
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
});

const ofContainer = ({ resources }: Container): Requests => read(resources?.requests, NONE);

/** What is not said is as in `otherwise`. */
const read = (words: Words, otherwise: Requests): Requests => ({
  cpu: words?.['cpu'] === undefined ? otherwise.cpu : milliCores(words['cpu']),
  memory: words?.['memory'] === undefined ? otherwise.memory : bytes(words['memory']),
});
