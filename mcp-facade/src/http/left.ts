import type { ServerResponse } from 'node:http';

/** Ends when the client leaves before it is answered; that it closes afterwards is no leaving. */
export function leftBy(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
}
