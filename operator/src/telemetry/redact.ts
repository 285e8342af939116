const SECRET_KEY = /token|authorization|password|secret|credential|user-?data|kubeconfig|private-?key|cookie/i;
const SECRET_WORDS = [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, /\b(PVEAPIToken=)\S+/g];
const HIDDEN = '[redacted]';
const DEEPEST = 6;

/** A copy fit for a log: values under telling keys and credentials inside strings are hidden, errors become data. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? HIDDEN : redact(item, depth + 1)]),
  );
}

export const redactText = (text: string): string =>
  SECRET_WORDS.reduce((clean, secret) => clean.replace(secret, (_, scheme: string) => `${scheme} ${HIDDEN}`), text);

/** Errors with a reason are expected and need no stack. */
function describeError(error: Error & { reason?: unknown; status?: unknown }, depth: number): unknown {
  const { name, message, reason, status, cause, stack } = error;
  return {
    name,
    message: redactText(message),
    ...(reason === undefined ? { stack: redactText(stack ?? '') } : { reason }),
    ...(status === undefined ? {} : { status }),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}
