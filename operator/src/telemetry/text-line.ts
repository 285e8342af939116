/** One line for people: time, level, what it is about, the message, the remaining keys. */
export function textLine(at: Date, level: string, message: string, keys: Readonly<Record<string, unknown>>): string {
  const { kind, key, ...others } = keys;
  const about = [kind, key].filter((part) => typeof part === 'string').join(' ');
  const rest = Object.entries(others).map(([name, value]) => `${name}=${print(value)}`);
  const time = at.toISOString().slice(11, 23);
  return [time, level.toUpperCase().padEnd(5), about && `${about}:`, message, ...rest].filter(Boolean).join(' ');
}

function print(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
  if (typeof value === 'number') return String(Math.round(value * 10) / 10);
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return JSON.stringify(message ?? value) ?? 'undefined';
}
