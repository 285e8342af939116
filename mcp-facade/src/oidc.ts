import { type AuthInfo, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { Access } from './tool.ts';

export interface OidcSettings {
  readonly issuer: URL;
  /** Our own address: tokens for anybody else are refused. */
  readonly audience: URL;
}

/** By key pairs only: a shared secret would let whoever verifies also issue. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 30;
const ANSWER_MS = 5_000;

/** The scopes a token may have, which are the accesses a caller may have. */
export const SCOPES: readonly Access[] = ['read', 'write', 'destroy'];

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

/** Verifies tokens of one issuer that were issued for us. The issuer is asked with the first token, and again until it answers. */
export class TokenVerifier {
  readonly #settings: OidcSettings;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Throws OAuthError: invalid_token for a token that is not good here, server_error while the issuer does not answer. */
  async verifyAccessToken(token: string): Promise<AuthInfo> {
    const keys = await this.#issuer();
    const { issuer, audience } = this.#settings;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: spellings(issuer),
        audience: spellings(audience),
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'sub'],
      });
      return authInfo(token, payload, this.#settings);
    } catch (error) {
      throw refusal(error);
    }
  }

  async #issuer(): Promise<JWTVerifyGetKey> {
    this.#keys ??= discover(this.#settings.issuer);
    try {
      return await this.#keys;
    } catch {
      this.#keys = undefined;
      throw new OAuthError(OAuthErrorCode.ServerError, 'The token issuer does not answer; try again later');
    }
  }
}

async function discover(issuer: URL): Promise<JWTVerifyGetKey> {
  const url = `${bare(issuer)}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const document = Discovery.parse(await answer.json());
  if (bare(document.issuer) !== bare(issuer)) throw new Error(`${url} speaks for ${document.issuer}`);
  return createRemoteJWKSet(new URL(document.jwks_uri), { timeoutDuration: ANSWER_MS });
}

function authInfo(token: string, payload: JWTPayload, { issuer, audience }: OidcSettings): AuthInfo {
  return {
    token,
    clientId: textOf(payload['client_id'] ?? payload['azp']) || 'unknown',
    scopes: scopesIn(payload),
    expiresAt: payload.exp ?? 0,
    resource: audience,
    // As the API server names users of an issuer: a subject alone is somebody else at another issuer.
    extra: { principal: `${bare(issuer)}#${payload.sub ?? ''}` },
  };
}

function scopesIn(payload: JWTPayload): string[] {
  const claim = payload['scope'] ?? payload['scp'];
  const scopes = Array.isArray(claim) ? claim.map(textOf) : textOf(claim).split(' ');
  return scopes.filter((scope) => scope !== '');
}

const textOf = (claim: unknown): string => (typeof claim === 'string' ? claim : '');

const KEYS_MISSING = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/** A token whose keys could not be had is not a bad token. */
const refusal = (error: unknown): OAuthError =>
  !(error instanceof errors.JOSEError) || KEYS_MISSING.includes(error.code)
    ? new OAuthError(OAuthErrorCode.ServerError, 'The keys of the token issuer cannot be had; try again later')
    : new OAuthError(OAuthErrorCode.InvalidToken, wordsOf(error));

function wordsOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `The token is not for here: claim ${error.claim}`;
  return 'The token is not one of the issuer';
}

const bare = (url: URL | string): string => String(url).replace(/\/$/, '');

/** Issuers differ in whether they write the slash at the end. */
const spellings = (url: URL): string[] => [bare(url), `${bare(url)}/`];
