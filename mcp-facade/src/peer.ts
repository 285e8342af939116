import type { AuthInfo } from '@modelcontextprotocol/server';
import { SCOPES } from './oidc.ts';
import type { Access } from './tool.ts';

/** Whose connection this is. */
export interface Peer {
  readonly principal: string;
  /** What its token grants; undefined: everything this process offers. */
  readonly granted?: readonly Access[] | undefined;
}

/** Whoever a verified token names, with what it grants. */
export function peerOfToken(authInfo: AuthInfo | undefined): Peer {
  const principal = authInfo?.extra?.['principal'];
  if (authInfo === undefined || typeof principal !== 'string') throw new TypeError('a request came in without a token');
  return { principal, granted: SCOPES.filter((scope) => authInfo.scopes.includes(scope)) };
}
