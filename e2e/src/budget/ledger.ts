import { isReady, type ServerStory } from '../system/servers.ts';
import { allocation, type Story } from '../system/story.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type Writes, writesAbout } from './writes.ts';

/** Lives this life, and answers what the operator wrote in each of its parts. */
export async function live(world: ServerStory, { name, prepare, steps }: Lifecycle): Promise<[string, Writes][]> {
  await prepare?.(world);
  const log = new Log(world.story, name);
  await log.turn();
  const written: [string, Writes][] = [];
  for (const { row, act } of steps) {
    await act(world);
    written.push([row, await log.turn()]);
  }
  return written;
}

/** The API server's audit log, read part by part. */
class Log {
  readonly #story: Story;
  readonly #name: string;
  #read = 0;
  #turns = 0;

  constructor(story: Story, name: string) {
    this.#story = story;
    this.#name = name;
  }

  /** The writes since the last turn. What was asked for before a witness is done when the witness is Ready, and in the log when it is. */
  async turn(): Promise<Writes> {
    const witness = `witness-${++this.#turns}-${this.#name}`;
    await this.#story.apply(allocation(witness, 'ttl: 1h'));
    await this.#story.allocations.until(`default/${witness}`, isReady);
    await this.#story.kubectl('delete', 'alloc', witness);
    const entries = await this.#until(witness);
    const since = entries.slice(this.#read);
    this.#read = entries.length;
    return writesAbout(this.#name, since);
  }

  /** The API server appends a request a moment after it has answered. */
  async #until(deleted: string): ReturnType<Story['plane']['audit']> {
    for (;;) {
      const entries = await this.#story.plane.audit();
      if (entries.some(({ verb, name }) => verb === 'delete' && name === deleted)) return entries;
    }
  }
}
