import type { Scrape } from '../promql/engine.ts';

/** The moment at which is asked, in seconds. */
export const NOW = 120;

/** What a process tells, read as Prometheus reads it: once at first, and twice, a minute apart, at the end. */
export class Scrapes {
  readonly all: Scrape[] = [];

  async begin(job: 'operator' | 'facade', url: string): Promise<void> {
    this.#keep(job, 0, await (await fetch(`${url}/metrics`)).text());
  }

  async end(job: 'operator' | 'facade', url: string): Promise<string> {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const at of [60, NOW]) this.#keep(job, at, text);
    return text;
  }

  #keep(job: string, at: number, text: string): void {
    this.all.push({ at, text, labels: { job, pod: `cortex-${job}-0` } });
  }
}
