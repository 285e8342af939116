import { isOurs } from './mcp-messages.ts';

const EVENT_END = /\r?\n\r?\n/;
/** The longest end of an event, less its last character: it may come in two pieces. */
const SEAM = 3;

/**
 * Reads the message with our id from an answer that comes in pieces. Each piece is looked at once: a stranger who sends a
 * megabyte by the byte keeps the operator no busier than one who sends it whole.
 */
export class AnswerReader {
  readonly #isStream: boolean;
  /** What is not a whole event yet. */
  #text = '';
  #seam = '';

  constructor(contentType: string) {
    this.#isStream = contentType.startsWith('text/event-stream');
  }

  /** The message once it is whole; anything but a stream is whole at its end. */
  read(piece: string): unknown {
    this.#text += piece;
    if (!this.#isStream) return undefined;
    const seam = this.#seam + piece;
    this.#seam = seam.slice(-SEAM);
    if (!EVENT_END.test(seam)) return undefined;
    const events = this.#text.split(EVENT_END);
    this.#text = events.pop() ?? '';
    return events.map(dataOf).map(parsed).find(isOurs);
  }

  /** The message, when nothing more comes. */
  end(): unknown {
    return this.#isStream ? [this.#text].map(dataOf).map(parsed).find(isOurs) : parsed(this.#text);
  }
}

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
