import { pino } from 'pino';
import { redact, redactText } from './redact.ts';
import { textLine } from './text-line.ts';

/** What a log line is about. */
export interface LogKeys {
  readonly kind?: string;
  readonly key?: string;
  readonly action?: string;
  readonly reason?: string;
  readonly ms?: number;
  readonly error?: unknown;
  readonly [key: string]: unknown;
}

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** One event per line. Secrets are hidden whatever is passed. */
export type Logger = Readonly<Record<Level, (message: string, keys?: LogKeys) => void>>;

export interface LogOptions {
  readonly level?: Level;
  readonly format?: 'json' | 'text';
  /** Default: stdout. */
  readonly write?: (line: string) => void;
}

export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

type Sink = (level: Level, message: string, keys: LogKeys) => void;

/** Text for people at a terminal, JSON for everything else, unless LOG_FORMAT says which. */
export const logFormat = (given: string | undefined, terminal: boolean): 'json' | 'text' =>
  given === 'text' || given === 'json' ? given : terminal ? 'text' : 'json';

export function createLogger({ level = 'info', format = 'json', write }: LogOptions = {}): Logger {
  const sink = format === 'text' ? textSink(write) : jsonSink(write);
  const from = LEVELS.indexOf(level);
  const at =
    (own: Level) =>
    (message: string, keys: LogKeys = {}) => {
      if (LEVELS.indexOf(own) >= from) sink(own, redactText(message), redact(keys) as LogKeys);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** No pino transport: its worker files do not survive bundling. */
function jsonSink(write: LogOptions['write']): Sink {
  const log = pino(
    {
      level: 'debug',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    write === undefined ? pino.destination({ fd: 1, sync: true }) : { write },
  );
  return (level, message, keys) => log[level](keys, message);
}

const textSink =
  (write: LogOptions['write'] = (line) => void process.stdout.write(line)): Sink =>
  (level, message, keys) =>
    write(`${textLine(new Date(), level, message, keys)}\n`);
