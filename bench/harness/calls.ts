/** Calls of the operator on the API server, by `method resource`, from its metrics. */
export type Calls = ReadonlyMap<string, number>;

/** Bounded by rules of their own, and no part of any life: who leads, the provider's records, Events, what pools publish; and watches. */
const APART: ReadonlySet<string> = new Set(['leases', 'events', 'workerpools', 'workerpools/status']);
const GROUP = /\.[a-z0-9.]+(?=\/|$)/;

const LINE =
  /^rest_client_requests_total\{code="(?<code>\d+)",method="(?<method>\w+)",resource="(?<resource>[^"]+)"\} (?<count>\d+)/gm;

/** Every call so far, refused ones included; or only those that came through. */
export async function callsOf(url: string, which: 'all' | 'accepted' = 'all'): Promise<Calls> {
  return callsIn(await (await fetch(`${url}/metrics`)).text(), which);
}

export function callsIn(text: string, which: 'all' | 'accepted' = 'all'): Calls {
  const calls = new Map<string, number>();
  for (const { groups } of text.matchAll(LINE)) {
    const { method = '', count = '0' } = groups ?? {};
    const resource = (groups?.['resource'] ?? '').replace(GROUP, '');
    if (APART.has(resource) || method === 'WATCH') continue;
    if (which === 'accepted' && !groups?.['code']?.startsWith('2')) continue;
    const what = `${method} ${resource}`;
    calls.set(what, (calls.get(what) ?? 0) + Number(count));
  }
  return calls;
}

/** What was called between the two, for each of `n`. */
export const callsEach = (before: Calls, after: Calls, n: number): Record<string, number> =>
  Object.fromEntries(
    [...after]
      .map(([what, count]) => [what, (count - (before.get(what) ?? 0)) / n] as const)
      .filter(([, each]) => each > 0)
      .map(([what, each]) => [what, Number(each.toFixed(2))]),
  );

export const sumOf = (each: Readonly<Record<string, number>>): number =>
  Object.values(each).reduce((sum, count) => sum + count, 0);
