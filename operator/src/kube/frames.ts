import type { KubeObject } from './object.ts';
import type { Status } from './refusal.ts';

/** One line of a watch. */
export type Frame<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T }
  | { readonly type: 'ERROR'; readonly object: Status };

/**
 * The frames of a watch, in the batches in which they arrive. A last line without its end is dropped:
 * the connection was cut inside it, and the watch that follows sends it again.
 * Throws SyntaxError for a whole line that is not JSON.
 */
export async function* framesOf<T extends KubeObject>(chunks: AsyncIterable<string>): AsyncGenerator<Frame<T>[], void> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    const frames = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Frame<T>);
    if (frames.length > 0) yield frames;
  }
}
