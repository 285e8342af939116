/** Prints what happens, with the seconds since the start, and a summary of how long each part took. */
export class Narrator {
  readonly #startedAt = performance.now();
  readonly #marks: { readonly what: string; readonly at: number }[] = [];
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void = console.log) {
    this.#write = write;
  }

  say(subject: string, text: string): void {
    this.#write(`${this.#seconds().padStart(6)} s  ${subject.padEnd(14)} ${text}`);
  }

  /** Something a reader could type. */
  command(text: string): void {
    this.#write(`\n${' '.repeat(9)}$ ${text}`);
  }

  mark(what: string): void {
    this.#marks.push({ what, at: performance.now() });
  }

  summary(): void {
    let before = this.#startedAt;
    this.#write('');
    for (const { what, at } of this.#marks) {
      this.#write(`  ${what.padEnd(44)} ${((at - before) / 1000).toFixed(1).padStart(6)} s`);
      before = at;
    }
    this.#write(`  ${'in all'.padEnd(44)} ${this.#seconds().padStart(6)} s`);
  }

  #seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(1);
  }
}
