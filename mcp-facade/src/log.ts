export type Level = 'debug' | 'info' | 'warn' | 'error';
export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/** One event per line. */
export type Logger = Readonly<Record<Level, (message: string, keys?: Readonly<Record<string, unknown>>) => void>>;

/** JSON lines on standard error, and nowhere else: on stdio, standard output is the protocol. */
export function createLogger(
  level: Level,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const at =
    (own: Level): Logger[Level] =>
    (message, keys = {}) => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
      write(`${JSON.stringify({ time: new Date().toISOString(), level: own, message, ...plain(keys) })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const plain = (keys: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key, value instanceof Error ? described(value) : value]),
  );

/** An error with what caused it. */
const described = (error: Error): string =>
  error.cause instanceof Error ? `${error.message} (${described(error.cause)})` : error.message;
