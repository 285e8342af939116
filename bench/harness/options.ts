/** What whoever runs the benchmarks may choose, all by environment variables. */
export interface Options {
  /** The figures to take, `B1a` for all of `B1a-…`; empty: all. */
  readonly only: readonly string[];
  /** How often each figure is taken. */
  readonly runs: number;
  /** Whether etcd waits for the disk, as in production. */
  readonly fsync: boolean;
  /** Multiplies the size of every load. */
  readonly scale: number;
  /** A folder that is there, for the operator's CPU profiles and logs. */
  readonly profile: string | undefined;
}

/** Throws a sentence that names the variable that is wrong. */
export function optionsFrom(env: Readonly<Record<string, string | undefined>>): Options {
  return {
    only: (env['BENCH'] ?? '').split(',').filter((id) => id !== ''),
    runs: positive('REPS', env['REPS'] ?? '3', Number.isInteger),
    fsync: oneOf('FSYNC', env['FSYNC'] ?? 'on', ['on', 'off']) === 'on',
    scale: positive('SCALE', env['SCALE'] ?? '1'),
    profile: env['PROFILE'] || undefined,
  };
}

/** Whether a benchmark or one load of it is to run. */
export const isChosen = (id: string, { only }: Pick<Options, 'only'>): boolean =>
  only.length === 0 || only.some((chosen) => isPartOf(id, chosen) || isPartOf(chosen, id));

const isPartOf = (part: string, whole: string): boolean =>
  `${part}-`.toLowerCase().startsWith(`${whole}-`.toLowerCase());

/** The size of a load at this scale. */
export const scaled = (size: number, { scale }: Pick<Options, 'scale'>): number =>
  Math.max(1, Math.round(size * scale));

function positive(name: string, text: string, also: (value: number) => boolean = () => true): number {
  const value = Number(text);
  if (text !== '' && value > 0 && Number.isFinite(value) && also(value)) return value;
  throw new Error(`${name}=${text} is no positive number${also === Number.isInteger ? ' without a fraction' : ''}`);
}

function oneOf<W extends string>(name: string, text: string, words: readonly W[]): W {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Error(`${name}=${text} is none of: ${words.join(', ')}`);
}
