import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import type { AdminCredentials } from './kubeconfig.ts';

/** Ready when the API server says so and the controllers have made what every Pod needs. */
const NEEDED = ['/readyz', '/api/v1/namespaces/default/serviceaccounts/default'];

/** Asks until every path answers 200; throws with the last answers after `timeoutSeconds`. */
export async function waitUntilServed(
  credentials: AdminCredentials,
  paths: readonly string[] = NEEDED,
  timeoutSeconds = 60,
): Promise<void> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (const path of paths) {
    for (let answer = await ask(credentials, path); answer !== 200; answer = await ask(credentials, path)) {
      if (performance.now() > end)
        throw new Error(`${credentials.server}${path} answers ${answer} after ${timeoutSeconds} s`);
      await setTimeout(25);
    }
  }
}

function ask({ server, ca, cert, key }: AdminCredentials, path: string): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request(server + path, { ca, cert, key, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('timeout', () => asked.destroy(new Error('nothing within 5 s')));
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}
