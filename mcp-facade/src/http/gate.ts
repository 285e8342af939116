import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AuthInfo,
  bearerAuthChallengeResponse,
  getOAuthProtectedResourceMetadataUrl,
  type OAuthTokenVerifier,
  verifyBearerToken,
} from '@modelcontextprotocol/server';
import { type OidcSettings, SCOPES } from '../oidc.ts';
import { reply } from './replies.ts';

/** Lets requests with a good token in, and tells all others where tokens are to be had. */
export interface Gate {
  /** Who asks; undefined: nobody who may, and that is answered already. */
  enter(request: IncomingMessage, response: ServerResponse): Promise<AuthInfo | undefined>;
  /** Answers what a client asks before it has a token; false: it asks for something else. */
  tells(path: string, response: ServerResponse): boolean;
}

/** A caller that may not even read may do nothing here. */
const LEAST = ['read'];

export function bearerGate(verifier: OAuthTokenVerifier, { issuer, audience }: OidcSettings): Gate {
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(audience);
  const options = { verifier, requiredScopes: LEAST, resourceMetadataUrl, expectedResource: audience };
  const paths = [new URL(resourceMetadataUrl).pathname, '/.well-known/oauth-protected-resource'];
  const metadata = {
    resource: String(audience),
    authorization_servers: [String(issuer)],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: 'Cortex Resource Manager',
  };
  return {
    enter: async (request, response) => {
      try {
        return await verifyBearerToken(request.headers.authorization, options);
      } catch (error) {
        await pass(bearerAuthChallengeResponse(error, options), response);
        return undefined;
      }
    },
    tells: (path, response) => {
      if (!paths.includes(path)) return false;
      reply(response, 200, metadata, { 'access-control-allow-origin': '*' });
      return true;
    },
  };
}

async function pass(from: Response, to: ServerResponse): Promise<void> {
  to.writeHead(from.status, { ...Object.fromEntries(from.headers), connection: 'close' });
  to.end(await from.text());
}
