/** By what else than its key an object is found: the values of each name. */
export type IndexBy<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** Keys by name and value, kept up to date object by object. */
export class Indexes<T> {
  readonly #by: IndexBy<T>;
  readonly #keys = new Map<string, Map<string, Set<string>>>();

  constructor(by: IndexBy<T>) {
    this.#by = by;
    for (const name of Object.keys(by)) this.#keys.set(name, new Map());
  }

  keys(name: string, value: string): Iterable<string> {
    return this.#valuesOf(name).get(value) ?? [];
  }

  count(name: string, value: string): number {
    return this.#valuesOf(name).get(value)?.size ?? 0;
  }

  replace(key: string, before: T | undefined, now: T | undefined): void {
    for (const [name, valuesOf] of Object.entries(this.#by)) {
      const values = this.#keys.get(name);
      if (values === undefined) continue;
      if (before !== undefined) for (const value of valuesOf(before)) remove(values, value, key);
      if (now !== undefined) for (const value of valuesOf(now)) add(values, value, key);
    }
  }

  #valuesOf(name: string): Map<string, Set<string>> {
    const values = this.#keys.get(name);
    if (values !== undefined) return values;
    throw new TypeError(`no index "${name}": there are ${[...this.#keys.keys()].join(', ') || 'none'}`);
  }
}

function add(values: Map<string, Set<string>>, value: string, key: string): void {
  const keys = values.get(value);
  if (keys === undefined) values.set(value, new Set([key]));
  else keys.add(key);
}

function remove(values: Map<string, Set<string>>, value: string, key: string): void {
  const keys = values.get(value);
  if (keys?.delete(key) && keys.size === 0) values.delete(value);
}
