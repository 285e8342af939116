const FACTOR: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Kubernetes quantities, without sign. RE2. */
export const QUANTITY = /^[0-9]+(\.[0-9]+)?([numkMGTP]|[KMGTP]i|[eE][0-9]{1,2})?$/;

/** The plain number of a quantity. Throws RangeError for anything else. */
function parseQuantity(text: string): number {
  const [, number, suffix = ''] = QUANTITY.test(text) ? (/^([0-9.]+)(.*)$/.exec(text) ?? []) : [];
  if (number === undefined) throw new RangeError(`"${text}" is not a quantity such as 500m, 4 or 16Gi`);
  const factor = /^[eE]/.test(suffix) ? 10 ** Number(suffix.slice(1)) : FACTOR[suffix];
  return Number(number) * (factor ?? 1);
}

/** Cores of a cpu quantity. */
export const parseCpu = (text: string): number => parseQuantity(text);

/** Bytes of a memory quantity. */
export const parseMemory = (text: string): number => parseQuantity(text);

/** Bytes as the largest binary unit that says them exactly. */
export function formatMemory(bytes: number): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const size = FACTOR[unit] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(Math.round(bytes));
}
