import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export interface Issuer {
  readonly url: URL;
  /** A token with these claims over good ones; by a key of its own where `forged`. */
  readonly token: (
    claims?: Readonly<Record<string, unknown>>,
    options?: { readonly forged?: boolean; readonly expiresAt?: number },
  ) => Promise<string>;
  /** Whether it answers. */
  up: boolean;
}

/** An OpenID provider on a port of its own, until the test ends. */
export async function issuer(audience: URL): Promise<Issuer> {
  const [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const keys = [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
  const server = createServer((request, response) => {
    const documents: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: String(made.url), jwks_uri: String(new URL('/keys', made.url)) },
      '/keys': { keys },
    };
    const document = made.up ? documents[request.url ?? ''] : undefined;
    response.writeHead(document === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const made: Issuer = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    up: true,
    token: async (claims = {}, { forged = false, expiresAt = Math.trunc(Date.now() / 1000) + 600 } = {}) =>
      await new SignJWT({
        iss: String(made.url),
        aud: String(audience),
        sub: 'alice',
        scope: 'read write',
        exp: expiresAt,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(forged ? foreign.privateKey : own.privateKey),
  };
  return made;
}
