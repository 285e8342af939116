import { request } from 'node:https';
import type { AdminCredentials } from './kubeconfig.ts';

const WHO_AM_I = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'SelfSubjectReview',
};

/** Makes a request that changes nothing and is audited under this user agent. */
export async function markAudit({ server, ca, cert, key }: AdminCredentials, userAgent: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { 'content-type': 'application/json', 'user-agent': userAgent };
  const url = `${server}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
  const asked = request(url, { method: 'POST', ca, cert, key, headers, agent: false, timeout: 5_000 }, (response) => {
    response.resume();
    response.once('end', () =>
      response.statusCode === 201 ? resolve() : reject(new Error(`${url} answers ${response.statusCode}`)),
    );
  });
  asked.once('timeout', () => asked.destroy(new Error(`${url} answers nothing within 5 s`)));
  asked.once('error', reject);
  asked.end(JSON.stringify(WHO_AM_I));
  await promise;
}
