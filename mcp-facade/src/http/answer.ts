import type { ServerResponse } from 'node:http';
import { reply } from './replies.ts';

/** A stream that says nothing for ten seconds is dropped by some clients. */
export const KEEP_ALIVE_MS = 5_000;

/**
 * The answer to one request: a JSON body where it comes at once; from the first word of progress on, or once it takes its time,
 * a stream of events, which keeps the connection open.
 */
export class Answer {
  readonly #response: ServerResponse;
  readonly #alive: NodeJS.Timeout;
  #streams = false;

  constructor(response: ServerResponse, keepAliveMs = KEEP_ALIVE_MS) {
    this.#response = response;
    this.#alive = setInterval(() => this.#write(': keepalive\n\n'), keepAliveMs);
    response.once('close', () => clearInterval(this.#alive));
  }

  /** What is told before the end. */
  tell(message: object): void {
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  }

  end(message: object): void {
    clearInterval(this.#alive);
    if (!this.#streams) return reply(this.#response, 200, message);
    this.tell(message);
    this.#response.end();
  }

  #write(frame: string): void {
    if (!this.#streams)
      this.#response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
    this.#streams = true;
    this.#response.write(frame);
  }
}
