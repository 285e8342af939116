import { type Allocation, kindNamed, KINDS } from '@cortex/crds';
import type { Subject, World } from '../explain/world.ts';
import { keyOf } from '../kube/object.ts';

/** What a person should read instead of an answer. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}

/** The object that `kind/name` or `kind name` means, in this namespace where its kind has one. Throws a Mistake. */
export function find(words: readonly string[], namespace: string, world: World): Subject {
  const [word = '', name = ''] = words.length === 1 ? (words[0] ?? '').split('/') : words;
  const kind = kindNamed(word);
  if (kind === undefined)
    throw new Mistake(
      `There is no kind "${word}". There are: ${KINDS.map((each) => each.kind.toLowerCase()).join(', ')}`,
    );
  const key = kind.scope === 'Namespaced' ? `${namespace}/${name}` : name;
  const all = every(world).filter((each) => each.kind === kind.kind);
  const found = all.find((each) => keyOf(each) === key);
  if (found !== undefined) return found;
  const elsewhere = all.filter(({ metadata }) => metadata.name === name).map(keyOf);
  throw new Mistake(
    elsewhere.length > 0
      ? `There is no ${kind.kind} ${key}, but ${elsewhere.join(', ')}: choose its namespace with -n`
      : `There is no ${kind.kind} ${key}. There are: ${all.map(keyOf).slice(0, 10).join(', ') || 'none'}`,
  );
}

export function findAllocation(words: readonly string[], namespace: string, world: World): Allocation {
  const [word = ''] = words;
  const found = find(words.length === 1 && !word.includes('/') ? ['allocation', word] : words, namespace, world);
  if (found.kind !== 'Allocation')
    throw new Mistake(`tree shows Allocations, and ${found.kind} ${keyOf(found)} is none`);
  return found;
}

const every = ({ allocations, workers, pools, drains, servers, wishes }: World): readonly Subject[] => [
  ...allocations,
  ...workers,
  ...pools,
  ...drains,
  ...servers,
  ...wishes,
];
